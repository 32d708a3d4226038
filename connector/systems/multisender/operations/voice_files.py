"""Voice files: uploaded, or spoken by a machine."""

from typing import Final

from connector.systems.multisender.operations.params import words_at_most
from connector.systems.multisender.operations.section import Section
from connector.transport.operation import Operation, Param

WORDS: Final = 80
"""The most that a text to be spoken may have."""

_files = Section("Voice files")

OPERATIONS: Final[tuple[Operation, ...]] = (
    _files.get("list_voice_files", "voice_files"),
    _files.get("get_voice_file", "voice_files/{voiceFileId}"),
    _files.get("list_voice_codes", "voice_files/text_to_speech/voice_codes"),
    _files.post(
        "create_spoken_voice_file",
        "voice_files/text_to_speech",
        Param(name="name", required=True),
        Param(name="text", required=True),
        Param(name="voiceCode", required=True),
        words_at_most("text", WORDS),
    ),
    _files.post(
        "upload_voice_file",
        "voice_files",
        Param(name="files", kind="file", place="file", required=True),
    ),
    _files.put(
        "update_voice_file",
        "voice_files/{voiceFileId}",
        Param(name="name", required=True),
        Param(name="description", required=True),
    ),
    _files.delete("delete_voice_file", "voice_files/{voiceFileId}"),
)
