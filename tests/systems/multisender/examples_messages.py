"""The document's examples: emails, smses and voice files."""

from connector.transport.request import Upload
from tests.systems.multisender.example import (
    ADDRESSEE,
    LATER,
    OF_MESSAGE,
    PRINTED,
    STAMPS,
    Example,
    deleted,
)

NEW_EMAIL = {
    "messageHtml": "<p>Hello</p>",
    "messageText": "Hello",
    "subject": "Hello",
    "fromEmail": "us@sandbox.example",
    "fromName": "Us",
    "actionTime": LATER,
    "receivers": [{"accountId": "2", "groupId": "3", "email": "aino@virtanen.example"}],
}
MADE = {"priceEstimateInCents": 0.5, "editable": "y", "receivers": [ADDRESSEE]}
EMAIL = {"emailId": "1", **NEW_EMAIL, **MADE, **STAMPS}
NEW_SMS = {
    "message": "Hello",
    "sender": "Us",
    "actionTime": LATER,
    "receivers": PRINTED,
}
SMS = {"smsId": "1", **NEW_SMS, **MADE, **STAMPS}
LISTED_SMS = {
    "smsId": 1,
    "message": "Hello",
    "sender": "Us",
    "actionTime": LATER,
    "priceEstimateInCents": 7.0,
    "editable": "y",
    **STAMPS,
}
FILE = Upload(filename="hello.wav", content=b"RIFF", content_type="audio/wav")
URL = "https://media.multisender.example/1"
VOICE_FILE = {
    "voiceFileId": "1",
    "name": "Hello",
    "description": "",
    "url": URL,
    "mp3Url": f"{URL}.mp3",
    "wavUrl": f"{URL}.wav",
    "duration": 2,
    "status": "ready",
    "text": "Press five",
    "voiceCode": "en",
    **STAMPS,
}
UPLOADED = {**VOICE_FILE, "fileName": "hello.wav", "size": "4", "status": "pending"}
SPOKEN = {"name": "Hello", "text": "Press five", "voiceCode": "en"}
NAMED = {"name": "Hello", "description": "Said first"}
CODE = {"voiceCode": "en", "description": "English", **STAMPS}

EMAILS = (
    Example(
        name="list_emails",
        call=lambda client: client.list_emails(),
        sent=("GET", "emails", None),
        answer=[EMAIL, EMAIL],
    ),
    Example(
        name="get_email",
        call=lambda client: client.get_email(1),
        sent=("GET", "emails/1", None),
        answer=EMAIL,
    ),
    Example(
        name="create_email",
        call=lambda client: client.create_email(NEW_EMAIL),
        sent=("POST", "emails", NEW_EMAIL),
        status=201,
        answer=EMAIL,
    ),
    Example(
        name="update_email",
        call=lambda client: client.update_email(1, NEW_EMAIL),
        sent=("PUT", "emails/1", NEW_EMAIL),
        answer=EMAIL,
    ),
    deleted("delete_email", "emails/1", lambda client: client.delete_email(1)),
)
SMSES = (
    Example(
        name="list_sms_receivers",
        call=lambda client: client.list_sms_receivers(1),
        sent=("GET", "smses/1/receivers", None),
        answer=OF_MESSAGE,
    ),
    Example(
        name="list_smses",
        call=lambda client: client.list_smses(),
        sent=("GET", "smses", None),
        answer=[LISTED_SMS, LISTED_SMS],
    ),
    Example(
        name="get_sms",
        call=lambda client: client.get_sms(1),
        sent=("GET", "smses/1", None),
        answer=SMS,
    ),
    Example(
        name="create_sms",
        call=lambda client: client.create_sms(NEW_SMS),
        sent=("POST", "smses", NEW_SMS),
        status=201,
        answer=SMS,
    ),
    Example(
        name="update_sms",
        call=lambda client: client.update_sms(1, NEW_SMS),
        sent=("PUT", "smses/1", NEW_SMS),
        answer=SMS,
    ),
    deleted("delete_sms", "smses/1", lambda client: client.delete_sms(1)),
)
VOICE_FILES = (
    Example(
        name="list_voice_files",
        call=lambda client: client.list_voice_files(),
        sent=("GET", "voice_files", None),
        answer=[VOICE_FILE, VOICE_FILE],
    ),
    Example(
        name="get_voice_file",
        call=lambda client: client.get_voice_file(1),
        sent=("GET", "voice_files/1", None),
        answer=VOICE_FILE,
    ),
    Example(
        name="list_voice_codes",
        call=lambda client: client.list_voice_codes(),
        sent=("GET", "voice_files/text_to_speech/voice_codes", None),
        answer=[CODE, CODE],
    ),
    Example(
        name="create_spoken_voice_file",
        call=lambda client: client.create_spoken_voice_file(SPOKEN),
        sent=("POST", "voice_files/text_to_speech", SPOKEN),
        status=201,
        answer=VOICE_FILE,
    ),
    Example(
        name="upload_voice_file",
        call=lambda client: client.upload_voice_file(FILE),
        sent=("POST", "voice_files", b"RIFF"),
        status=201,
        answer={"files": [UPLOADED]},
        gives=[UPLOADED],
    ),
    Example(
        name="update_voice_file",
        call=lambda client: client.update_voice_file(1, NAMED),
        sent=("PUT", "voice_files/1", NAMED),
        answer=VOICE_FILE,
    ),
    deleted(
        "delete_voice_file",
        "voice_files/1",
        lambda client: client.delete_voice_file(1),
    ),
)
MESSAGES = (*EMAILS, *SMSES, *VOICE_FILES)
