"""What happens by itself: what is old leaves the phones and the feed; stray files find their place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from citong.core.cases.models import Case
from citong.core.files.models import Attachment
from citong.core.notices.models import Notice
from citong.core.sync import pieces
from citong.core.sync.models import Awaited, Change, Prepared
from citong.core.sync.scopes import of_account, of_grid
from citong.core.sync.tasks import force_operations, renew_loads
from citong.core.sync.tests.phones import Phone
from citong.core.sync.tests.test_push import sha
from tests.cast import Cast
from tests.things import PNG


@pytest.mark.django_db(transaction=True)
def test_what_grew_old_leaves_the_phone_by_night(cast: Cast) -> None:
    phone, old = Phone(cast.grid_worker), timezone.now() - timedelta(days=30, hours=1)
    said = {"subject": cast.grid_worker.pk, "channel": "app", "account": cast.grid_worker, "code": "opened"}
    notice = Notice.objects.create(made_at=timezone.now(), facts={"number": "x"}, **said)
    phone.sync()
    key, scope = ("notice", str(notice.pk)), of_account(cast.grid_worker.pk)
    assert key in phone.rows[scope]
    Notice.objects.filter(pk=notice.pk).update(made_at=old)
    phone.sync()
    assert key in phone.rows[scope], "nothing has told it yet"
    Change.objects.filter(scope=of_grid("e10")).update(at=old - timedelta(days=60))
    renew_loads(0)
    phone.sync()
    assert key not in phone.rows[scope]
    assert set(Prepared.objects.values_list("scope", flat=True)) == {of_grid(f"e1{cell}") for cell in range(4)}


@pytest.mark.django_db
def test_a_file_whose_process_died_before_it_was_attached_is_attached_within_the_hour(cast: Cast) -> None:
    phone, now = Phone(cast.grid_worker), timezone.now()
    named = {"field": "photos", "sha256": sha(PNG), "name": "井盖.png", "size": len(PNG)}
    form = {"text": "井盖缺失", "lon": 118.605, "lat": 24.905}
    phone.say("open", {"service": "requests", "form": form, "files": [named]})
    phone.push()
    pieces.put(phone.device.id, sha(PNG), PNG, start=0, size=len(PNG), at=now)
    Awaited.objects.update(at=now - timedelta(hours=1))
    force_operations(0)
    assert Attachment.objects.get().subject == Case.objects.get().pk
