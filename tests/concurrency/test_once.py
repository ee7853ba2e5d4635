"""However often the last page is sent, there is one deposit and the same receipt."""

from __future__ import annotations

from functools import partial

import crowd
import pytest
import scene
from deposit_client import AGREED, DepositClient, Done, small_pdf

DESK = "A4"


@pytest.fixture
def counted(served):
    """A function that tells how many letters and deposits were added since."""

    def count() -> tuple[int, int, int]:
        (row,) = served.rows(
            "SELECT (SELECT count(*) FROM registry_letter),"
            " (SELECT count(*) FROM registry_entry),"
            " (SELECT count(*) FROM gov_deposit WHERE state = 'submitted')"
        )
        return tuple(map(int, row))

    before = count()
    return lambda: {new - old for new, old in zip(count(), before, strict=True)}


def one_client(served, **options):
    """Return a client at the last step."""
    ((client, ready),) = crowd.prepare(served, DESK, 1, **options)
    return client, ready


def a_file():
    """Return a file for the form."""
    return ("letter.pdf", small_pdf(20_000), "application/pdf")


@pytest.mark.parametrize("clicks", [2, 8])
def test_clicks_at_the_same_instant(served, counted, clicks):
    """Identical posts with the same cookies, at once."""
    client, ready = one_client(served, last_files=[a_file()])
    twins = [DepositClient(served.url) for _click in range(clicks)]
    for twin in twins:
        twin.session.cookies.update(client.session.cookies)
    done = crowd.at_once([partial(crowd.send, twin, ready) for twin in twins])
    assert len(set(done)) == 1, done
    assert counted() == {1}
    assert len({client.receipt(one) for one in done}) == 1
    (documents,) = served.rows(
        "SELECT count(*) FROM gov_document d JOIN registry_letter l"
        " ON d.res_model = 'registry.letter' AND d.res_id = l.id"
        " JOIN gov_deposit p ON p.letter_id = l.id"
        f" WHERE p.public_id = '{done[0].public_id}'"
    )
    assert documents == ("1",), "the file was stored twice"


def test_back_and_send_again(served, counted):
    client, ready = one_client(served, files=[a_file()])
    done = crowd.send(client, ready)
    receipt = client.receipt(done)
    # The browser shows the old page from its memory and sends it once more.
    assert crowd.send(client, ready) == done
    # Or asks the server for it: the deposit is over, here is its last page.
    for step in ("check", "letter", "who"):
        page = client.get(ready.action.replace("/check", f"/{step}"))
        assert Done.of(page) == done
    # Steps before the last, sent again, change nothing.
    page = client.post(ready.action.replace("/check", "/letter"), ready.data[:1])
    assert Done.of(page) == done
    assert counted() == {1}
    assert client.receipt(done) == receipt


def test_two_tabs(served, counted):
    """The same draft is open twice; both pages are sent, with their own tokens."""
    client, ready = one_client(served)
    tabs = []
    for _tab in range(2):
        form = client.get(ready.action).form()
        tabs.append(type(ready)(form.action, form.filled(AGREED), []))
    done = crowd.at_once([partial(crowd.send, client, tab) for tab in tabs])
    assert len(set(done)) == 1, done
    assert counted() == {1}


def test_two_tabs_with_two_deposits_are_two_deposits(served, counted):
    """One person may have two letters: a draft of its own for each."""
    client = DepositClient(served.url)
    ready = [client.to_check(scene.DESKS[DESK]) for _tab in range(2)]
    done = crowd.at_once([partial(crowd.send, client, one) for one in ready])
    assert len({one.public_id for one in done}) == 2
    assert counted() == {2}


def test_replay(served, counted):
    """The recorded post again: later, with its cookies; and from another browser."""
    client, ready = one_client(served, last_files=[a_file()])
    done = crowd.send(client, ready)
    receipt = client.receipt(done)
    for _replay in range(3):
        assert crowd.send(client, ready) == done
    stranger = DepositClient(served.url)
    page = stranger.send(ready)
    assert page.status in (400, 404), page.status
    assert done.number not in page.text() and done.code not in page.text()
    # With a session and a token of its own, the draft of somebody else does not exist.
    own = stranger.to_check(scene.DESKS[DESK])
    foreign = type(ready)(ready.action, own.data, ready.files)
    assert stranger.send(foreign).status == 404
    assert counted() == {1}
    assert client.receipt(done) == receipt


def test_double_click_on_the_first_steps(served):
    """Two identical posts of a step that is not the last: one draft goes on."""
    client = DepositClient(served.url)
    page = client.begin(scene.DESKS[DESK])
    form = page.form()
    data = form.filled({"kind": "citizen", "name": "Twice"})
    pages = crowd.at_once([partial(client.post, form.action, data) for _click in "12"])
    assert {page.status for page in pages} == {200}
    assert all("subject" in page.form().names for page in pages)
