"""HTTP: one router a kind of user, over services that `bot.composition` builds."""
