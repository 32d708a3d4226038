"""The document's examples: calls, click to calls and RSVP calls."""

from tests.systems.multisender.example import (
    ADDRESSEE,
    LATER,
    OF_MESSAGE,
    PHONE,
    PRINTED,
    STAMPS,
    TO_PHONE,
    Example,
    Json,
    deleted,
)

OUTLINE = {
    "operations": '{"play": 1}',
    "actionTime": LATER,
    "receivers": PRINTED,
}
CALL = {
    "callId": "1",
    **OUTLINE,
    "priceEstimateInCents": 6.5,
    "editable": "y",
    "receivers": [ADDRESSEE],
    **STAMPS,
}
LISTED = {
    "callId": "1",
    "operations": '{"play": 1}',
    "actionTime": LATER,
    "priceEstimateInCents": 6.5,
    "totalDuration": 30,
    **STAMPS,
}
WEEKDAYS = [
    {"weekday": "monday", "active": "1"},
    {"weekday": "tuesday", "active": "1"},
    {"weekday": "wednesday", "active": "1"},
    {"weekday": "thursday", "active": "1"},
    {"weekday": "friday", "active": "1"},
    {"weekday": "saturday", "active": "0"},
    {"weekday": "sunday", "active": "0"},
]
ACTIVE = {
    "activeFrom": "09:00:00",
    "activeTo": "18:00:00",
    "activeWeekdays": WEEKDAYS,
}
BUTTONS = [
    {"button": "5", "action": "accept"},
    {"button": "9", "action": "decline"},
]
META = {"someparam": "string", "otherparam": "string"}
TOLD = "http://example.com/webhook/"
CLICK: Json = {
    "expiresAt": "2026-11-21 12:00:00",
    **ACTIVE,
    "voiceFileId": 1,
    "actionButtons": BUTTONS,
    "receivers": TO_PHONE,
    "maxRedials": 3,
    "receiverWebhookUrl": TOLD,
    "meta": META,
}
RECEIVER: Json = {
    "accountId": "2",
    "groupId": None,
    "phone": PHONE,
    "firsName": "Aino",
    "lastName": "Virtanen",
    "answered": 1,
    "callDuration": 42,
    "latestCallAt": "2026-11-20 08:40:00",
}
CLICK_RECEIVER = {**RECEIVER, "reply": "accept", "dialledCalls": 2}
RSVP_RECEIVER = {**RECEIVER, "rsvpReply": "accept", "dialledCalls": 2}
ADDED = {**RECEIVER, "rsvpReply": "accept", "totalDialledCalls": 2}
STATS = {
    "totalDialedCalls": 2,
    "answeredCalls": 1,
    "totalDuration": 42,
    "acceptsReceived": 1,
}
CLICK_TO_CALL = {
    "clickToCallId": "1",
    **CLICK,
    "receivers": [CLICK_RECEIVER],
    "stats": {**STATS, "acceptsDeclined": 0, "notAnsweredCalls": 1},
    **STAMPS,
}
UPDATE: Json = {
    "state": "active",
    "startTime": "2026-11-20 07:00:00",
    "endTime": "2026-11-20 15:00:00",
    **ACTIVE,
    "voiceFiles": [
        {"type": "start", "voiceFileId": "1"},
        {"type": "data", "voiceFileId": "1"},
        {"type": "actionButtons", "voiceFileId": "1"},
        {"type": "accept", "voiceFileId": "1"},
        {"type": "end", "voiceFileId": "1"},
    ],
    "actionButtons": BUTTONS,
    "acceptsWanted": 2,
    "maxRedials": 3,
    "receiverWebhookUrl": TOLD,
    "stateWebhookUrl": TOLD,
    "meta": META,
}
AS_PRINTED: Json = {
    name if name != "actionButtons" else "actionbuttons": value
    for name, value in UPDATE.items()
}
RSVP: Json = {**UPDATE, "receivers": TO_PHONE}
RSVP_CALL = {
    "rsvpCallId": "1",
    **RSVP,
    "receivers": [RSVP_RECEIVER],
    "stats": {**STATS, "declinesAndNoRepliesReceived": 0, "notAnsweredCalls": 1},
    **STAMPS,
}
OUTCOME = {
    "accountId": "2",
    "answered": 1,
    "rsvpReply": "accept",
    "callDuration": 42,
    "latestCallAt": "2026-11-20 08:40:00",
}

CALLS = (
    Example(
        name="list_calls",
        call=lambda client: client.list_calls(),
        sent=("GET", "calls", None),
        answer=[LISTED, LISTED],
    ),
    Example(
        name="get_call",
        call=lambda client: client.get_call(1),
        sent=("GET", "calls/1", None),
        answer=CALL,
    ),
    Example(
        name="create_call",
        call=lambda client: client.create_call(OUTLINE),
        sent=("POST", "calls", OUTLINE),
        status=201,
        answer=CALL,
    ),
    Example(
        name="update_call",
        call=lambda client: client.update_call(1, OUTLINE),
        sent=("PUT", "calls/1", OUTLINE),
        answer=CALL,
    ),
    deleted("delete_call", "calls/1", lambda client: client.delete_call(1)),
    Example(
        name="list_call_receivers",
        call=lambda client: client.list_call_receivers(1),
        sent=("GET", "calls/1/receivers", None),
        answer=OF_MESSAGE,
    ),
    Example(
        name="list_click_to_calls",
        call=lambda client: client.list_click_to_calls(),
        sent=("GET", "click_to_calls", None),
        answer=[CLICK_TO_CALL],
    ),
    Example(
        name="get_click_to_call",
        call=lambda client: client.get_click_to_call(1),
        sent=("GET", "click_to_calls/1", None),
        answer=CLICK_TO_CALL,
    ),
    Example(
        name="create_click_to_call",
        call=lambda client: client.create_click_to_call(CLICK),
        sent=("POST", "click_to_calls", CLICK),
        status=201,
        answer=CLICK_TO_CALL,
    ),
    Example(
        name="create_click_to_call",
        note="with the id that voice files answer",
        call=lambda client: client.create_click_to_call({**CLICK, "voiceFileId": "1"}),
        sent=("POST", "click_to_calls", CLICK),
        status=201,
        answer=CLICK_TO_CALL,
    ),
    deleted(
        "delete_click_to_call",
        "click_to_calls/1",
        lambda client: client.delete_click_to_call(1),
    ),
)
RSVP_CALLS = (
    Example(
        name="list_rsvp_calls",
        call=lambda client: client.list_rsvp_calls(),
        sent=("GET", "rsvp_calls", None),
        answer=[RSVP_CALL],
    ),
    Example(
        name="get_rsvp_call",
        call=lambda client: client.get_rsvp_call(1),
        sent=("GET", "rsvp_calls/1", None),
        answer=RSVP_CALL,
    ),
    Example(
        name="create_rsvp_call",
        call=lambda client: client.create_rsvp_call(RSVP),
        sent=("POST", "rsvp_calls", RSVP),
        status=201,
        answer=RSVP_CALL,
    ),
    Example(
        name="update_rsvp_call",
        call=lambda client: client.update_rsvp_call(1, UPDATE),
        sent=("PUT", "rsvp_calls/1", UPDATE),
        answer=RSVP_CALL,
    ),
    Example(
        name="update_rsvp_call",
        note="as printed",
        call=lambda client: client.update_rsvp_call(1, AS_PRINTED),
        sent=("PUT", "rsvp_calls/1", UPDATE),
        answer=RSVP_CALL,
    ),
    deleted(
        "delete_rsvp_call", "rsvp_calls/1", lambda client: client.delete_rsvp_call(1)
    ),
    Example(
        name="add_rsvp_call_receivers",
        call=lambda client: client.add_rsvp_call_receivers(1, TO_PHONE),
        sent=("POST", "rsvp_calls/1/receivers", TO_PHONE),
        status=201,
        answer=[ADDED],
    ),
    Example(
        name="get_rsvp_call_stats",
        call=lambda client: client.get_rsvp_call_stats(1),
        sent=("GET", "rsvp_calls/1/stats", None),
        answer=STATS,
    ),
    Example(
        name="list_rsvp_call_receivers",
        call=lambda client: client.list_rsvp_call_receivers(1),
        sent=("GET", "rsvp_calls/1/receivers", None),
        answer=[OUTCOME, OUTCOME],
    ),
)
