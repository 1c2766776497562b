"""Passwords and secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.kernel.access import secrets
from standards_hub.kernel.errors import BadInput


@pytest.mark.parametrize(
    "password, codes",
    [
        ("1234567890", []),
        ("十个汉字也是一个密码", []),
        ("123456789", ["password.short"]),
        ("x" * 201, ["password.long"]),
        ("Zhang.San@example.org", ["password.login"]),
        (" zhang.san ", ["password.login"]),
        ("zhang.san", ["password.short", "password.login"]),
    ],
)
def test_a_password_is_long_enough_and_not_the_login(password: str, codes: list[str]) -> None:
    found: list[str] = []
    try:
        secrets.check_password(password, "zhang.san@example.org")
    except BadInput as error:
        found = [unmet.code for unmet in error.unmet]
    assert found == codes


async def test_a_hash_is_argon2id_and_salted() -> None:
    one, two = await secrets.hash_password("correct horse"), await secrets.hash_password("correct horse")
    assert one.startswith("$argon2id$") and one != two
    assert await secrets.password_matches(one, "correct horse")
    assert not await secrets.password_matches(one, "Correct horse")


async def test_an_unknown_login_costs_one_verification_like_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def matches(hashed: str, password: str) -> bool:
        asked.append(hashed)
        return secrets.HASHER.verify(hashed, password) if hashed == known else False

    known = await secrets.hash_password("correct horse")
    monkeypatch.setattr(secrets, "_matches", matches)
    assert await secrets.password_matches(known, "correct horse")
    assert not await secrets.password_matches(None, "correct horse")
    assert len(asked) == 2 and asked[1] != known
    parameters = [hashed.split("$")[1:4] for hashed in asked]
    assert parameters[0] == parameters[1]


async def test_even_the_password_behind_nobody_opens_nothing() -> None:
    assert not await secrets.password_matches(None, "")
    assert not await secrets.password_matches("not a hash", "x")


async def test_an_endless_password_is_not_hashed() -> None:
    hashed = await secrets.hash_password("")
    assert not await secrets.password_matches(hashed, "x" * 1_000_000)


@given(st.text(), st.text())
def test_csrf_belongs_to_one_session(one: str, other: str) -> None:
    assert secrets.csrf_matches(one, secrets.csrf_of(one))
    assert secrets.csrf_matches(other, secrets.csrf_of(one)) == (one == other)
    assert not secrets.csrf_matches(one, other)
    assert one == "" or one not in (secrets.csrf_of(one), secrets.digest(one))


def test_csrf_is_another_each_time_so_that_packed_pages_do_not_tell_it_by_their_length() -> None:
    made = {secrets.csrf_of("示例") for _ in range(100)}
    assert len({one[-64:] for one in made}) == 100 and len({one[:8] for one in made}) == 100


def test_tokens_are_marked_and_never_repeat() -> None:
    made = {secrets.new_token() for _ in range(100)}
    assert len(made) == 100 and all(token.startswith("shub_") and len(token) > 45 for token in made)
