"""What a customer's page said, as people see it on the ticket."""

from bot.people.roles import Permission, Role
from tests.agents.colleagues import House


def test_people_see_what_the_page_said_as_text_and_masked_where_they_may_not_see_it(served: House) -> None:
    context = {"product": "Heron <b>Duo</b>", "plan": "ada@shop.example", "page": ""}
    said = {"message": "I want to talk to a person", "context": context}
    reference = served.client.post("/chat", json=said).json()["ticket"]["reference"]
    page = served.browser(Role.AGENT).get(f"/desk/tickets/{reference}", headers={"accept": "text/html"}).text
    assert "Heron &lt;b&gt;Duo&lt;/b&gt;" in page
    read, personal = Permission.TICKETS_READ, Permission.PERSONAL_READ
    seen = served.client.get(f"/api/tickets/{reference}", headers=served.key(read, personal)).json()
    assert seen["where"] == {"product": "Heron <b>Duo</b>", "plan": "ada@shop.example"}
    masked = served.client.get(f"/api/tickets/{reference}", headers=served.key(read)).json()
    assert masked["where"]["product"] == "Heron <b>Duo</b>"
    assert "ada@" not in masked["where"]["plan"]
