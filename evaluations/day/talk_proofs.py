"""Notes and database in, whether conversations are whole out: all that was said once, in order, in its place."""

from collections import Counter

from evaluations.day.lines import Line
from evaluations.day.notes import Notes
from evaluations.day.stored import Reading


def messages(notes: Notes, rows: Reading) -> Line:
    """Each that was acknowledged is there once, in its conversation; and there is none that nobody sent."""
    stored = Counter(rows("SELECT conversation_id, client_id FROM messages WHERE role = 'customer'"))
    sent = {(talk.conversation, one.client_id) for talk in notes.talks for one in talk.sent}
    faults = [f"{key} is there {stored[key]} times" for key in sent if stored[key] != 1]
    faults += [f"{key} was sent by nobody" for key in stored if key not in sent]
    return Line(
        "every message of a customer is stored once, and none that nobody sent", len(sent), tuple(faults)
    )


def orders(notes: Notes, rows: Reading) -> Line:
    """Places have no gap, and a customer's messages stand in the order in which they were sent."""
    order: dict[str, list[str]] = {}
    places: dict[str, list[int]] = {}
    for conversation, seq, role, client_id in rows(
        "SELECT conversation_id, seq, role, client_id FROM messages ORDER BY conversation_id, seq"
    ):
        places.setdefault(conversation, []).append(seq)
        if role == "customer":
            order.setdefault(conversation, []).append(client_id)
    counts = dict(rows("SELECT id, message_count FROM conversations"))
    faults = [f"{one} has gaps" for one, found in places.items() if found != list(range(counts[one]))]
    faults += [
        f"customer {talk.visit.number} is out of order"
        for talk in notes.talks
        if order.get(talk.conversation) != [one.client_id for one in talk.sent]
    ]
    faults += [f"{one} is nobody's" for one in counts if one not in notes.talk_of()]
    return Line("every conversation is whole and in order", len(counts), tuple(faults))


def answers(notes: Notes, rows: Reading) -> Line:
    """What a customer was answered stands right behind what they said."""
    found = {
        (conversation, id_): (seq, role)
        for conversation, seq, id_, role in rows("SELECT conversation_id, seq, id, role FROM messages")
    }
    asked = dict(rows("SELECT client_id, seq FROM messages WHERE role = 'customer'"))
    faults, count = [], 0
    for talk in notes.talks:
        for one in talk.sent:
            if not one.reply["text"]:
                continue  # people have the conversation: nothing is answered by itself
            count += 1
            seq, role = found.get((talk.conversation, one.reply["message_id"]), (-1, ""))
            if role not in ("bot", "system") or seq <= asked.get(one.client_id, 10**9):
                faults.append(f"the answer to {one.client_id} is not behind it")
    return Line("every answer that was read is stored behind its question", count, tuple(faults))


def replies(notes: Notes, rows: Reading) -> Line:
    """Each reply of an agent is stored once, and none that nobody sent."""
    stored = Counter(rows("SELECT conversation_id, client_id, text FROM messages WHERE role = 'agent'"))
    sent = {(one.conversation, one.client_id, one.text) for one in notes.replies}
    faults = [f"{key[1]} is there {stored[key]} times" for key in sent if stored[key] != 1]
    faults += [f"{key[1]} was sent by nobody" for key in stored if key not in sent]
    return Line("every reply of an agent is stored once, and none that nobody sent", len(sent), tuple(faults))


def heard(notes: Notes, rows: Reading) -> Line:
    """What the pages of live chats got: every message once, in order, as it is stored."""
    stored = {(one, seq): id_ for one, seq, id_ in rows("SELECT conversation_id, seq, id FROM messages")}
    chats = [talk for talk in notes.talks if talk.heard]
    faults = [f"customer {talk.visit.number} had {talk.twice} messages twice" for talk in chats if talk.twice]
    for talk in chats:
        if sorted(talk.heard) != list(range(len(talk.heard))):
            faults.append(f"customer {talk.visit.number} missed a message in the chat")
        if any(stored.get((talk.conversation, seq)) != id_ for seq, id_ in talk.heard.items()):
            faults.append(f"customer {talk.visit.number} read what is not stored there")
    return Line("every live chat came whole, in order and once", len(chats), tuple(faults))
