"""Replies are in the customer's language, from articles in it first."""

from bot.composition import Services
from tests.flows.talking import say


def test_the_reply_is_in_the_customers_language(answers: Services) -> None:
    handled = say(answers, "Hola, ¿cómo puedo restablecer la contraseña de mi cuenta?")
    assert handled.reply.language == "es"
    assert handled.reply.citations[0].locale == "es"
    follow = say(answers, "quiero hablar con una persona", handled)
    assert follow.reply.language == "es"
    assert follow.ticket is not None
    assert follow.ticket.language == "es"
    # What follows depends on the hour: by when, and how to reach the customer.
    assert follow.reply.text.startswith("Le paso con nuestro equipo. Una persona le responderá ")


def test_a_question_without_an_article_in_its_language_is_answered_from_the_default_one(
    answers: Services,
) -> None:
    handled = say(answers, "¿Cuánto cuesta el envío a Noruega y cuántos días tarda?")
    assert handled.reply.language == "es"
    assert handled.reply.citations
    assert {citation.locale for citation in handled.reply.citations} <= {"es", "en"}
