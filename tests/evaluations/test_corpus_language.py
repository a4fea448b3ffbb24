from pathlib import Path

import pytest

from bot.settings import load
from evaluations.answers import evaluate, of_dataset
from evaluations.beir import read
from evaluations.corpus_index import open_index
from evaluations.corpus_language import language_of
from evaluations.corpus_service import services_over
from evaluations.left_out import left_out
from index.compiled import CompiledEncoder
from tests.evaluations.conftest import CORPUS, write_set

ENGLISH = ["A refund to a bank card takes five working days.", "Open the email with the tracking number."]
GERMAN = [
    "Eine Erstattung auf Ihre Karte dauert fünf Werktage.",
    "Öffnen Sie die E-Mail, in der die Sendungsnummer steht.",
]
SPANISH = ["El reembolso a la tarjeta tarda cinco días laborables.", "Abra el correo con el número de envío."]
FRENCH = ["Le remboursement sur votre carte prend cinq jours.", "Ouvrez le courriel avec le numéro de suivi."]


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (SPANISH, "es"),
        (FRENCH, "fr"),
        (GERMAN * 2 + ENGLISH, "de"),
        (GERMAN + SPANISH + FRENCH, "en"),
        (["Возврат занимает пять рабочих дней."], "en"),
        (["", " 17 "], "en"),
        ([], "en"),
    ],
    ids=[
        "English",
        "German",
        "Spanish",
        "French",
        "most German",
        "mixed",
        "none that ships",
        "empty",
        "none",
    ],
)
def test_a_set_is_in_the_language_of_most_of_its_documents(texts: list[str], language: str) -> None:
    assert language_of(texts) == language


def test_a_german_set_is_indexed_and_answered_as_a_german_help_centre(
    tmp_path: Path, encoder: CompiledEncoder, cache: Path
) -> None:
    corpus = [
        {"_id": "rechnung", "title": "Rechnung herunterladen", "text": "Ihre Rechnungen stehen im Konto."},
        {"_id": "erstattung", "title": "Erstattung", "text": GERMAN[0]},
        {"_id": "sendung", "title": "Sendung verfolgen", "text": GERMAN[1]},
    ]
    queries = [{"_id": "q1", "text": "Wie lange dauert eine Erstattung auf meine Karte?"}]
    folder = write_set(tmp_path / "hilfe", corpus, queries, [("q1", "erstattung", 1)])
    dataset = read(folder)
    index = open_index(dataset, encoder, cache)
    assert index.generation.locales() == ("de",)
    assert left_out(dataset, index) == ("Read as articles in de.",)
    services = services_over(dataset, index, encoder, load())
    try:
        result = evaluate(dataset.name, dataset.corpus, of_dataset(dataset), services.answering)
    finally:
        services.close()
    assert result.figures["right"].value == 1.0


def test_an_english_set_is_read_as_english_and_says_nothing_of_it(
    tmp_path: Path, encoder: CompiledEncoder, cache: Path
) -> None:
    dataset = read(write_set(tmp_path / "set", CORPUS))
    index = open_index(dataset, encoder, cache)
    assert dataset.locale == "en"
    assert index.generation.locales() == ("en",)
    assert left_out(dataset, index) == ()
