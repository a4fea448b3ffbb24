"""Files in the chat: chosen, dropped, pasted; what is refused and why; what the team sends back."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from bot.desk.attachments import AttachmentRules
from bot.errors import NotReady
from tests.browser.barriers import barriers
from tests.browser.conftest import Shop

Ask = Callable[[Page, str], None]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2_000)
SCREEN = {"name": "screen <b>.png", "mimeType": "image/png", "buffer": PNG}
#: Drops or pastes a file as a browser does; `data` has the types and the files.
BRING = """([kind, name, type, text]) => {
    const data = new DataTransfer();
    if (text) data.setData('text/plain', text);
    data.items.add(new File([Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, 0])], name, {type}));
    const root = document.querySelector('tierzero-chat').shadowRoot;
    const to = root.querySelector(kind === 'paste' ? 'textarea' : '.log');
    to.dispatchEvent(kind === 'paste'
        ? new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


def choose(page: Page, *files: dict[str, object]) -> None:
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Attach a file").click()
    chosen.value.set_files(list(files))


def shown(page: Page) -> list[str]:
    """Names of the files in the conversation, in order."""
    return page.locator(".file .title").all_inner_texts()


def test_a_file_is_sent_shown_with_its_size_and_had_again(
    page: Page, shop: Shop, foreign_url: str, ask: Ask
) -> None:
    page.goto(f"{foreign_url}/trusted-types?shop={shop.url}")
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    choose(page, SCREEN)
    file = page.get_by_role("button", name="screen <b>.png")
    expect(file).to_be_enabled()
    expect(file).to_contain_text("2 kB")
    [(kept, content)] = shop.services.attachments.kept
    assert (kept.name, kept.by, content) == ("screen _b_.png", "customer", PNG)
    with page.expect_download() as got:
        file.click()
    assert Path(got.value.path()).read_bytes() == PNG
    page.reload()
    expect(page.get_by_role("button", name="screen _b_.png")).to_be_enabled()
    assert len(shop.services.attachments.kept) == 1


def test_what_is_not_taken_is_refused_with_a_reason_before_it_is_sent(
    page: Page, shop: Shop, ask: Ask
) -> None:
    shop.services.attachments.rules = AttachmentRules(largest=90_000)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if "/files?" in asked.url else None)
    page.goto(shop.url)
    ask(page, "a person please")
    large = {"name": "film.PDF", "mimeType": "application/pdf", "buffer": bytes(90_001)}
    program = {"name": "invoice.pdf.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    choose(page, program, large)
    expect(
        page.get_by_text("Files of this kind cannot be sent. Possible are: png, jpeg,").first
    ).to_be_visible()
    expect(page.get_by_text("This file is too large. One file may have up to 90 kB.").first).to_be_visible()
    assert barriers(page) == []
    assert sent == []
    # What only the service can see is told in the same words.
    choose(page, {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"})
    expect(page.locator(".failed", has_text="Files of this kind cannot be sent.")).to_have_count(2)
    assert shop.services.attachments.kept == []


def test_a_file_without_a_conversation_goes_out_with_the_first_message(
    page: Page, shop: Shop, ask: Ask
) -> None:
    page.goto(shop.url)
    page.get_by_role("button", name="Open chat").click()
    choose(page, SCREEN)
    expect(page.get_by_text("Goes out with your next message")).to_be_visible()
    assert shop.services.attachments.kept == []
    ask(page, "How do I pause?")
    expect(page.get_by_role("button", name="screen <b>.png")).to_be_enabled()
    # A bot reads no files, and says so.
    expect(page.get_by_text("The assistant does not read files.").first).to_be_visible()
    assert [kept.conversation_id for kept, _ in shop.services.attachments.kept] == ["c_1"]


def test_a_new_conversation_forgets_a_file_that_was_not_sent(page: Page, shop: Shop, ask: Ask) -> None:
    shop.services.chat.failures.append(NotReady("down"))
    page.goto(shop.url)
    page.get_by_role("button", name="Open chat").click()
    choose(page, SCREEN)
    expect(page.get_by_text("Goes out with your next message")).to_be_visible()
    ask(page, "How do I pause?")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.get_by_role("button", name="Start a new conversation").click()
    expect(page.locator(".file")).to_have_count(0)
    ask(page, "hello")
    expect(page.get_by_text("Ask me about your coffee").last).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert shop.services.attachments.kept == []


def test_files_are_dropped_and_pasted_but_a_picture_of_copied_text_is_not(
    page: Page, shop: Shop, ask: Ask
) -> None:
    page.goto(shop.url)
    ask(page, "a person please")
    expect(page.get_by_text("Your request is with our team")).to_be_visible()
    page.evaluate(BRING, ["paste", "table.png", "image/png", "copied text"])
    page.evaluate(BRING, ["drop", "dropped.png", "image/png", ""])
    expect(page.get_by_role("button", name="dropped.png")).to_be_enabled()
    page.evaluate(BRING, ["paste", "pasted.png", "image/png", ""])
    expect(page.get_by_role("button", name="pasted.png")).to_be_enabled()
    assert [kept.name for kept, _ in shop.services.attachments.kept] == ["dropped.png", "pasted.png"]


def test_a_file_that_failed_is_sent_once_when_it_is_tried_again(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "a person please")
    expect(page.get_by_text("Your request is with our team")).to_be_visible()
    shop.services.attachments.failures.append(NotReady("no room"))
    choose(page, SCREEN)
    expect(page.get_by_text("This file was not sent.").last).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="screen <b>.png")).to_be_enabled()
    assert len(shop.services.attachments.kept) == 1


def test_what_the_team_sent_stands_in_its_place_and_is_downloaded(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "a person please")
    expect(page.get_by_text("Your request is with our team")).to_be_visible()
    shop.services.attachments.keep("c_1", "manual.pdf", "application/pdf", b"%PDF-1", "ann")
    page.reload()
    file = page.locator(".agent").get_by_role("button", name="manual.pdf")
    expect(file).to_be_enabled()
    with page.expect_download() as got:
        file.click()
    assert got.value.suggested_filename == "manual.pdf"
    assert Path(got.value.path()).read_bytes() == b"%PDF-1"
    shop.services.attachments.kept.clear()
    file.click()
    expect(page.get_by_text("This file cannot be downloaded right now.").last).to_be_visible()


def test_where_the_extras_cannot_be_had_it_is_said_and_tried_anew(page: Page, shop: Shop, ask: Ask) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/widget/extras.js*", refuse, times=1)
    page.goto(shop.url)
    ask(page, "a person please")
    expect(page.get_by_text("Your request is with our team")).to_be_visible()
    choose(page, SCREEN)
    expect(page.get_by_text("This message was not sent.").last).to_be_visible()
    choose(page, SCREEN)
    expect(page.get_by_role("button", name="screen <b>.png")).to_be_enabled()
