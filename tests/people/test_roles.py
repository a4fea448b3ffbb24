"""Who may do what."""

import pytest

from bot.people.roles import MAY, Permission, Role, may


def test_every_role_is_in_the_table() -> None:
    assert set(MAY) == set(Role)


def test_every_permission_is_held_by_somebody() -> None:
    assert set().union(*MAY.values()) == set(Permission)


def test_customers_have_no_permission() -> None:
    assert MAY[Role.CUSTOMER] == frozenset()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CUSTOMER])
def test_all_staff_keep_their_own_account(role: Role) -> None:
    assert may(role, Permission.OWN_ACCOUNT)


def test_who_keeps_accounts_does_not_read_customers_conversations() -> None:
    assert not may(Role.ADMIN, Permission.TICKETS_READ)
    assert not may(Role.ADMIN, Permission.PERSONAL_READ)


def test_specialists_see_questions_without_personal_data() -> None:
    assert may(Role.SPECIALIST, Permission.INSIGHTS_READ)
    assert not may(Role.SPECIALIST, Permission.PERSONAL_READ)


def test_only_one_role_keeps_accounts() -> None:
    assert [role for role in Role if may(role, Permission.ACCOUNTS_MANAGE)] == [Role.ADMIN]
