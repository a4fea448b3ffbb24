"""An agent and a customer talk over real sockets, each on a server of their own: nothing is lost or comes twice."""

import threading

import httpx

from bot.desk.calendars import next_open
from bot.tickets.attachments import Sent
from tests.live.conftest import House, Talker, until


def test_they_talk_across_two_servers_and_see_each_other_write_and_read(house: House) -> None:
    conversation = house.waiting()
    customer, agent = house.customer(conversation, host=0), house.agent(host=1)
    listed = agent.frame("list")
    while not any(one["conversation"] == conversation and one["here"] for one in listed["chats"]):
        listed = agent.frame("list")
    (row,) = listed["chats"]
    assert (row["group"], row["subject"], row["unread"]) == ("waiting", "I want to talk to a person", 1)
    agent.send("watch", conversation=conversation)
    agent.send("take", conversation=conversation)
    assert customer.frame("message", role="system")["text"] == "Mia has joined this chat."
    assert customer.frame("state", state="with_agent")["agent"] == "Mia"
    agent.frame("state", mine=True)

    agent.send("typing", conversation=conversation, on=True)
    customer.frame("state", typing=True)
    agent.send("say", conversation=conversation, text="Hello, how can I help?", client_id="a1")
    said = agent.frame("said", client_id="a1")
    heard = customer.frame("message", role="agent")
    assert (heard["text"], heard["author"], heard["id"]) == ("Hello, how can I help?", "Mia", said["id"])

    customer.send("seen", delivered=heard["seq"] + 1, read=heard["seq"])
    agent.frame("state", delivered=heard["seq"] + 1, read=heard["seq"])
    customer.send("seen", delivered=heard["seq"] + 1, read=heard["seq"] + 1)
    agent.frame("state", read=heard["seq"] + 1)

    customer.send("typing", on=True)
    agent.frame("state", typing=True)
    reply = house.say("My parcel is late", conversation, host=0)
    assert (reply["text"], reply["reason"]) == ("", "with_people")
    got = agent.frame("message", role="customer", text="My parcel is late")
    agent.send("seen", conversation=conversation, delivered=got["seq"] + 1, read=got["seq"] + 1)
    customer.frame("state", read=got["seq"] + 1)
    assert [role for role, _ in house.texts(conversation)] == [
        "customer", "bot", "system", "agent", "customer",
    ]  # fmt: skip


def test_who_loses_the_connection_gets_the_rest_and_nothing_twice(house: House) -> None:
    conversation = house.waiting()
    customer, agent = house.customer(conversation), house.in_chat(conversation, host=1)
    agent.send("say", conversation=conversation, text="one", client_id="a1")
    last = customer.frame("message", text="one")["seq"]
    customer.connection.close()
    agent.send("say", conversation=conversation, text="two", client_id="a2")
    agent.send("say", conversation=conversation, text="three", client_id="a3")
    agent.frame("said", client_id="a3")
    back = house.customer(conversation, host=1, after=last + 1)
    back.frame("message", text="three")
    assert back.texts() == ["two", "three"]
    # A colleague who is not in the chat can say nothing there, not even the same.
    other = house.agent(house.token("Noa"))
    other.send("say", conversation=conversation, text="three", client_id="a3")
    assert other.frame("refused")["code"] == "conflict"
    assert [text for role, text in house.texts(conversation) if role == "agent"] == ["one", "two", "three"]


def test_the_same_word_sent_again_is_stored_once(house: House) -> None:
    conversation, token = house.waiting(), house.token()
    agent = house.in_chat(conversation, token)
    for _ in range(2):
        agent.send("say", conversation=conversation, text="once", client_id="a1")
        first = agent.frame("said", client_id="a1")
    agent.connection.close()
    back = house.agent(token, host=1)
    back.send("say", conversation=conversation, text="once", client_id="a1")
    assert back.frame("said", client_id="a1") == first
    house.say("and I", conversation, client_id="customer-word-of-mine")
    house.say("and I", conversation, host=1, client_id="customer-word-of-mine")
    texts = [text for _, text in house.texts(conversation)]
    assert (texts.count("once"), texts.count("and I")) == (1, 1)


def test_words_sent_at_once_from_all_sides_keep_one_order_for_everybody(house: House) -> None:
    conversation, token = house.waiting(), house.token()
    watchers = [house.customer(conversation, host=host) for host in (0, 1)]
    agents = [house.in_chat(conversation, token, host=0), house.agent(token, host=1)]
    agents[1].send("watch", conversation=conversation)
    count = 6

    def write(number: int, agent: Talker) -> None:
        for place in range(count):
            agent.send(
                "say", conversation=conversation, text=f"a{number}.{place}", client_id=f"a{number}x{place}"
            )

    def ask(host: int) -> None:
        for place in range(count):
            house.say(f"c{host}.{place}", conversation, host=host)

    threads = [threading.Thread(target=write, args=pair) for pair in enumerate(agents)]
    threads += [threading.Thread(target=ask, args=(host,)) for host in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until("all words", lambda: len(house.texts(conversation)) == 3 + 4 * count)
    stored = [text for _, text in house.texts(conversation)]
    for watcher in (*watchers, agents[1]):
        watcher.frame("message", text=stored[-1])
        assert watcher.texts() == stored
    for name in ("a0", "a1", "c0", "c1"):
        assert [text for text in stored if text.startswith(f"{name}.")] == [
            f"{name}.{place}" for place in range(count)
        ]


def test_an_agent_who_vanishes_leaves_the_customer_in_the_queue_and_the_customer_is_told(
    house: House,
) -> None:
    conversation = house.waiting(contact="ann@shop.example")
    customer, agent = house.customer(conversation), house.in_chat(conversation, host=1)
    customer.frame("state", state="with_agent")
    agent.connection.close()
    house.later(90, agents=False)
    told = customer.frame("message", seq=3)["text"]
    assert told.startswith("Mia has lost the connection, so you are back in the queue.")
    assert "A person will answer you" in told
    customer.frame("state", state="with_people", agent="")
    # Both servers look after it; it happened once.
    assert [role for role, _ in house.texts(conversation)].count("system") == 2


def test_an_agent_who_is_there_and_says_nothing_loses_the_chat(house: House) -> None:
    conversation = house.waiting()
    agent = house.in_chat(conversation)
    agent.send("say", conversation=conversation, text="hello", client_id="a1")
    agent.frame("said")
    house.say("are you there?", conversation)
    house.later(200)
    agent.send("typing", conversation=conversation, on=True)
    until("the typing sign", lambda: house.live(conversation).agent.typing_until)
    # 400 seconds after the question, and 200 after the agent began to write.
    house.later(200)
    assert house.services.live_desk.sweep(house.services.chance.now()) == []
    house.later(150)
    house.services.live_desk.sweep(house.services.chance.now())
    agent.frame("message", role="system", seq=5)
    assert agent.frame("state", mine=False)["state"] == "awaiting_contact"
    last = house.texts(conversation)[-1][1]
    assert last.startswith("Mia has not answered for a while, so you are back in the queue.")
    assert last.endswith("Which email address may we use to answer you?")
    agent.send("say", conversation=conversation, text="sorry", client_id="a2")
    assert agent.frame("refused", client_id="a2")["detail"] == "You are not in this chat."


def test_a_customer_who_leaves_is_seen_to_and_their_words_stay(house: House) -> None:
    conversation = house.waiting()
    customer, agent = house.customer(conversation), house.in_chat(conversation, host=1)
    customer.connection.close()
    listed = agent.frame("list")
    while [one["here"] for one in listed["chats"]] != [False]:
        listed = agent.frame("list")
    (row,) = listed["chats"]
    assert (row["group"], row["ticket"]) == ("mine", house.services.chat.conversation(conversation).ticket)
    agent.send("say", conversation=conversation, text="I will write to you", client_id="a1")
    agent.frame("said")
    back = house.customer(conversation, host=1)
    back.frame("message", text="I will write to you")
    assert len(back.texts()) == len(house.texts(conversation))


def test_a_talk_with_the_bot_is_taken_given_back_and_goes_on(house: House) -> None:
    conversation = str(house.say("hello")["conversation_id"])
    customer, agent = house.customer(conversation), house.agent(host=1)
    listed = agent.frame("list")
    while [one["group"] for one in listed["chats"]] != ["bot"]:
        listed = agent.frame("list")
    agent.send("watch", conversation=conversation)
    agent.send("take", conversation=conversation)
    agent.frame("state", mine=True)
    taken = house.services.chat.conversation(conversation)
    ticket = house.services.conversations.ticket(taken.ticket)
    assert ticket is not None
    assert ticket.reason == "taken_over"
    house.say("do you hear me?", conversation)
    agent.frame("message", text="do you hear me?")
    agent.send("release", conversation=conversation, to="bot")
    agent.frame("state", mine=False, state="answering")
    customer.frame("state", state="answering")
    assert house.texts(conversation)[-1] == (
        "system",
        "Mia has left. This is the automated assistant again; ask me anything.",
    )
    reply = house.say("thanks", conversation)
    assert (reply["reason"], reply["ticket"]) == ("thanks", None)
    # Who needs a person again gets a ticket of their own.
    second = house.say("I want to talk to a person", conversation)
    assert second["ticket"]["reference"] != taken.ticket


def test_a_solved_chat_is_closed_and_a_further_word_goes_to_people(house: House) -> None:
    conversation = house.waiting(contact="ann@shop.example")
    agent = house.in_chat(conversation)
    agent.send("solve", conversation=conversation)
    agent.frame("state", state="closed")
    assert house.texts(conversation)[-1] == (
        "system",
        "Mia has closed this chat. If anything is left, write again.",
    )
    reply = house.say("one more thing", conversation)
    assert reply["reason"] == "with_people"


def test_what_must_not_be_kept_is_taken_out_before_an_agent_sees_it(house: House) -> None:
    conversation = house.waiting()
    customer, agent = house.customer(conversation), house.in_chat(conversation, host=1)
    reply = house.say("my card is 4111 1111 1111 1111", conversation)
    assert reply["redacted"] == ["card"]
    assert "4111" not in agent.frame("message", role="customer", seq=3)["text"]
    told = customer.frame("message", seq=4)
    assert told["role"] == "system"
    assert told["text"].startswith("For your safety I removed this from your message: card number.")
    assert "4111" not in str(house.texts(conversation))


def test_an_address_said_in_the_chat_reaches_the_ticket(house: House) -> None:
    conversation = house.waiting()
    house.in_chat(conversation)
    house.say("ann@shop.example", conversation)
    kept = house.services.chat.conversation(conversation)
    ticket = house.services.conversations.ticket(kept.ticket)
    assert ticket is not None
    assert (kept.contact, ticket.contact) == ("ann@shop.example", "ann@shop.example")


def test_customers_are_told_how_long_they_wait_only_while_somebody_takes_chats(house: House) -> None:
    now, hours = house.services.chance.now(), house.services.policy.hours
    house.later((next_open(hours, now) - now).total_seconds() + 60)
    waits = "You can wait here: somebody will join this chat in about"
    assert waits not in house.say("I want to talk to a person")["text"]
    agent = house.agent(host=1)
    agent.frame("list", available=False)
    assert waits not in house.say("I want to talk to a person")["text"]
    agent.send("available", on=True)
    agent.frame("list", available=True)
    first = house.say("I want to talk to a person")
    assert f"{waits} 2 min." in first["text"]
    customer = house.customer(str(first["conversation_id"]))
    customer.frame("state")
    assert f"{waits} 4 min." in house.say("I want to talk to a person")["text"]
    agent.send("available", on=False)
    agent.frame("list", available=False)
    assert waits not in house.say("I want to talk to a person")["text"]


def test_files_of_both_sides_are_told_to_both_across_two_servers_until_they_are_removed(house: House) -> None:
    conversation = house.waiting()
    token = house.token()
    customer, agent = house.customer(conversation, host=0), house.in_chat(conversation, token, host=1)
    sent = httpx.post(
        f"http://{house.hosts[0]}/chat/{conversation}/files",
        params={"name": "label.txt"},
        content=b"it says 230 V",
        timeout=20,
    )
    assert sent.status_code == 201, sent.text
    told = agent.frame("files", conversation=conversation, files=[sent.json()])
    assert (told["files"][0]["by"], told["files"][0]["size"]) == ("customer", 13)
    customer.frame("files", files=[sent.json()])

    ticket = house.live(conversation).ticket
    who = house.services.signing_in.principal(token)
    assert who is not None
    attachments = house.services.attachments
    inner = attachments.by_member(who, ticket, Sent("thoughts.txt", b"water got in"))
    shared = attachments.by_member(who, ticket, Sent("manual.txt", b"turn it over"), shared=True)
    while [one["id"] for one in agent.frame("files")["files"]] != [sent.json()["id"], inner.id, shared.id]:
        pass
    while (found := customer.frame("files")["files"])[-1]["id"] != shared.id:
        pass
    assert [one["name"] for one in found] == ["label.txt", "manual.txt"]
    assert not [one for one in customer.heard if "thoughts" in str(one)]
    attachments.remove(who, ticket, sent.json()["id"], "a photo of somebody else")
    assert [one["name"] for one in customer.frame("files")["files"]] == ["manual.txt"]
