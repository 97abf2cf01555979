"""python -m training COMMAND: from data to weights, figures and model card. `all` is the whole of it; see README.md."""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import torch  # noqa: E402

HERE = Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["check", "prepare", "train", "evaluate", "tune", "label", "heads", "export", "join", "engine", "ablate", "card", "all"])
    parser.add_argument("--name", help="name of the run under --runs")
    parser.add_argument("--kind", choices=["fast", "accurate"], default="fast")
    parser.add_argument("--epochs", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--teacher", help="run whose labels a fast model learns from")
    parser.add_argument("--start-from", help="run whose weights training begins with")
    parser.add_argument("--rate", type=float, help="factor on the learning rates")
    parser.add_argument("--silver-words", type=int, default=600_000)
    parser.add_argument("--part", default="0/1", help="K/N: the share of the news that this process labels")
    parser.add_argument("--minutes", type=float, default=60, help="of labelling at most")
    parser.add_argument("--minutes-left", type=float, help="training ends within these, its rate falling with the clock (such a run can't be repeated exactly)")
    parser.add_argument("--which", default="averaged", choices=["averaged", "final"])
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared", help="folder with data/ and eval/")
    parser.add_argument("--resources", type=Path, default=HERE / ".venv/res", help="folder with the unpacked packages of vectors and encoder")
    parser.add_argument("--runs", type=Path, default=HERE / "runs")
    parser.add_argument("--limit", type=int, help="documents at most (for a quick look)")
    parser.add_argument("--threads", type=int, default=1, help="one thread repeats a run bit for bit; two are half as fast again")
    options = parser.parse_args()
    options.name = options.name or options.kind
    torch.set_num_threads(options.threads)
    from . import commands
    getattr(commands, options.command)(options)


if __name__ == "__main__":
    main()
