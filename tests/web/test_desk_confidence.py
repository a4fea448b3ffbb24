"""The page that replays history at other error budgets, over a real database."""

from bot.dialogue.conversation import Message, Role, State
from bot.dialogue.reply import Reason, Reply, ReplyKind
from bot.people.roles import Role as StaffRole
from bot.ports import Exchange, Feedback
from tests.web.staff_desk import Desk


def log(desk: Desk, number: int, probability: float, helpful: bool, text: str = "How do I pause?") -> None:
    reply = Reply(ReplyKind.ANSWER, "Like this.", (), probability, Reason.ANSWERED, "", "en")
    now = desk.clock.now()
    said = Message(f"q{number}", Role.CUSTOMER, text, now, None, "")
    given = Message(f"a{number}", Role.BOT, reply.text, now, reply, "")
    exchange = Exchange(f"c{number}", said, given, State.ANSWERING, "en", "", None)
    desk.services.conversations.record(exchange, seen=0)
    desk.services.conversations.add_feedback(Feedback(given.id, helpful, "", now))


def test_an_empty_history_is_a_page_too(desk: Desk) -> None:
    page = desk.signed_in(StaffRole.MANAGER).get("/desk/confidence")
    assert page.status_code == 200
    assert "Nobody has asked anything yet" in page.text


def test_judged_answers_give_a_promise_and_the_curves(desk: Desk) -> None:
    for number in range(70):
        log(desk, number, 0.9, helpful=True)
    log(desk, 70, 0.2, helpful=False)
    page = desk.signed_in(StaffRole.MANAGER).get("/desk/confidence?budget=0.05").text
    assert "The last 71 questions" in page
    assert "<td>0.90</td>" in page
    assert "70 (99%)" in page
    assert 'class="plot"' in page


def test_personal_data_is_masked_for_who_may_not_see_it(desk: Desk) -> None:
    log(desk, 1, 0.9, helpful=True, text="Write to maria@example.org <script>alert(1)</script>")
    masked = desk.signed_in(StaffRole.SPECIALIST).get("/desk/confidence").text
    assert "maria@example.org" not in masked
    assert "<script>alert" not in masked
    assert "maria@example.org" in desk.signed_in(StaffRole.MANAGER).get("/desk/confidence").text


def test_a_budget_of_no_sense_is_refused(desk: Desk) -> None:
    browser = desk.signed_in(StaffRole.MANAGER)
    assert browser.get("/desk/confidence?budget=7").status_code == 422
