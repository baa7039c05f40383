"""What the page for receivers says to do finds our messages right, and others wrong."""

import os
import re
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from citong.cli.docs import ROOT
from citong.core.notices.hook import send, told_key, told_secret
from tests.receiver import Message, Receiver

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = BLOCK.findall((ROOT / "docs/webhooks.md").read_text("utf-8"))
SECRET = bytes(range(32))


@pytest.fixture
def message(receiver: Receiver) -> Message:
    send(receiver.url, id="m1", body='{"type":"井盖"}'.encode(), secrets=[SECRET])
    return receiver.taken[0]


def test_the_python_of_the_page_knows_our_messages(message: Message) -> None:
    known: dict[str, Any] = {}
    first, second = [text for language, text in BLOCKS if language == "python"]
    exec(first, known)
    assert known["is_ours"](message.headers, message.body, told_secret(SECRET))
    assert not known["is_ours"](message.headers, message.body + b" ", told_secret(SECRET))
    assert not known["is_ours"](message.headers, message.body, told_secret(bytes(32)))
    said = f"{message.headers['webhook-id']}.{message.headers['webhook-timestamp']}.".encode() + message.body
    mark = message.headers["webhook-signature"].split(" ")[1]
    exec(second, known | {"said": said, "mark": mark, "public": told_key()})


@pytest.mark.skipif(not which("openssl"), reason="there is no openssl")
def test_the_shell_of_the_page_comes_to_the_same_signature(message: Message, tmp_path: Path) -> None:
    (script,) = [text for language, text in BLOCKS if language == "sh"]
    (tmp_path / "body").write_bytes(message.body)
    given = {"SECRET": told_secret(SECRET), "ID": "m1", "TIMESTAMP": message.headers["webhook-timestamp"]}
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=os.environ | given, capture_output=True, text=True)
    assert f"v1,{done.stdout.strip()}" == message.headers["webhook-signature"].split(" ")[0], done.stderr
