"""How the quoted article stands against all others, token by token."""

import numpy as np
import pytest

from bot.dialogue.rivalry import Rivalry, rivalry

#: Three passages, four tokens; the first passage is the quoted article's.
REACH = np.asarray([[0.9, 0.8, 0.3, 0.5], [0.5, 0.8, 0.6, 0.5], [0.1, 0.8, 0.4, 0.5]], dtype=np.float32)
WEIGHTS = np.asarray([0.4, 0.3, 0.2, 0.1], dtype=np.float32)
QUOTED = np.asarray([0.9, 0.7, 0.3, 0.0], dtype=np.float32)
OWN = np.asarray([True, False, False])


def test_a_token_counts_for_the_article_that_has_it_best() -> None:
    found = rivalry(REACH, OWN, QUOTED, WEIGHTS)
    # Leads: +.4, 0, -.3, 0.
    assert found.ahead == pytest.approx(0.4 * 0.4 - 0.2 * 0.3)
    assert found.ahead_of_mean == pytest.approx(0.4 * 0.6 - 0.2 * 0.2)
    assert (found.won, found.lost) == (pytest.approx(0.4), pytest.approx(0.2))
    assert (found.least_ahead, found.most_ahead) == (pytest.approx(-0.3), pytest.approx(0.4))
    assert found.telling_ahead == pytest.approx(0.4)
    assert found.rivals_reach == pytest.approx(0.4 * 0.5 + 0.3 * 0.8 + 0.2 * 0.6 + 0.1 * 0.5)


def test_what_the_quote_lacks_is_what_any_passage_has_of_a_token() -> None:
    found = rivalry(REACH, OWN, QUOTED, WEIGHTS)
    # 0, .1, .3, .5 by token.
    assert found.lacking == pytest.approx(0.3 * 0.1 + 0.2 * 0.3 + 0.1 * 0.5)
    assert found.most_lacking == pytest.approx(0.5)


def test_tokens_that_all_other_passages_have_alike_part_nothing() -> None:
    found = rivalry(REACH, OWN, QUOTED, WEIGHTS)
    # Spreads .2, 0, .1, 0 with weights .4 and .2: the first token has .8 of the say, the third .2.
    assert found.parting == pytest.approx(0.8 * 0.9 + 0.2 * 0.3, abs=5e-3)
    assert found.quote_parting == pytest.approx(found.parting, abs=5e-3)
    assert found.parting_ahead == pytest.approx(0.8 * 0.6 - 0.2 * 0.2, abs=5e-3)


@pytest.mark.parametrize(
    ("own", "tokens"), [([True, True, True], 4), ([False, False, False], 4), ([True, False, False], 0)]
)
def test_without_rivals_or_without_tokens_there_is_nothing_to_compare(own: list[bool], tokens: int) -> None:
    found = rivalry(REACH[:, :tokens], np.asarray(own), QUOTED[:tokens], WEIGHTS[:tokens])
    assert found == Rivalry()
