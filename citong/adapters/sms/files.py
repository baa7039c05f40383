"""The default sender of text messages: it writes them to a file, for installations without a gateway."""

import json
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def send(number: str, text: str) -> None:
    """The message stands as one JSON line in mail/sms.jsonl of the home folder."""
    path = Path(settings.HOME) / "mail" / "sms.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"at": timezone.now().isoformat(), "to": number, "text": text}) + "\n")
