"""The parts of a multipart body."""

from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import HTTP

from connector.sandbox.multisender.fields import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A field of a form; ``file_name`` is None where it is no file."""

    name: str
    file_name: str | None
    content: bytes


def parts(content_type: str, body: bytes) -> list[Part]:
    """Return the parts of a form; RefusedError (400) where it is none."""
    head = f"content-type: {content_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise RefusedError(400, "The body must be multipart/form-data")
    return [_part(part) for part in message.iter_parts()]


def _part(part: MIMEPart) -> Part:
    content = part.get_payload(decode=True)
    name = part.get_param("name", header="content-disposition")
    return Part(
        name=str(name),
        file_name=part.get_filename(),
        content=content if isinstance(content, bytes) else b"",
    )
