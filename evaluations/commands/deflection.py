"""`tierzero eval deflection`: whether the pair of bounds has the truth between them, on simulated traffic."""

import argparse

from evaluations.commands.output import bar, options_of_figures, prepare, say, write_json

HELP = "show on simulated traffic that the deflection pair brackets the truth"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("--runs", type=_positive, default=100, help="how many worlds (default: 100)")
    parser.add_argument("--seed", type=int, default=None, help="another series of worlds")
    options_of_figures(parser)


def run(options: argparse.Namespace) -> int:
    """Simulates three months in each world and counts them; needs neither index nor model."""
    from evaluations.deflection import SEED, described, evaluate
    from evaluations.proportions import shown

    prepare(options)
    seed = SEED if options.seed is None else options.seed
    with bar("simulating") as progress:
        result = evaluate(options.runs, seed=seed, progress=progress)
    say(
        f"{len(result.runs)} worlds of three months, {sum(one.conversations for one in result.runs)} conversations"
    )
    say(f"  truth between the two bounds             {shown(result.within_bounds)}")
    say(f"  truth between the ends of their intervals {shown(result.within_intervals)}")
    say(f"  truth in the interval of “no hand-off”   {shown(result.no_hand_off_right)}")
    say(f"  the bounds are {result.width:.1%} apart in the middle run;")
    say(f"  “no hand-off” is {result.no_hand_off_excess:.1%} above the truth in the middle run")
    write_json(options, described(result))
    return 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
