"""One JSON object a line, in UTC, with the tokens of links masked (security.md 12, 99)."""

import json
import logging
import re
from datetime import UTC, datetime
from urllib.parse import unquote

TOKEN_IN_PATH = re.compile(r"((?:reply|alerts)[\\/]+(?:open|read)[\\/]+)[^\\/\s?#\"'<>]+")
MOST_ENCODINGS = 3


def mask_tokens(text: str) -> str:
    """The text with `/reply/open/***` and its like, also where the path was percent-encoded."""
    decoded = text
    for _ in range(MOST_ENCODINGS):
        decoded = unquote(decoded)
        if TOKEN_IN_PATH.search(decoded):
            text = decoded
    return TOKEN_IN_PATH.sub(r"\1***", text)


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; line feeds and escapes cannot break out of it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask_tokens(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = mask_tokens(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True)
