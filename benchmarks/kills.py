"""What ``kill -9`` loses: ``python -m benchmarks.kills`` (``--help`` tells the rest).

A process works on a library (adds, replaces, takes out, backs up, starts anew) and prints a line for each
thing that is done, once it is done. It is killed at a random moment, again and again; after each time the
library is verified, and what was acknowledged is looked for. The embedder is a stand-in: what is stored is at
stake here, not what it means.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from index.upkeep import restore
from index.verify import verify

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "kills.md"
_ACTS = ("add", "replace", "remove", "backup")
_OFTEN = (4, 3, 1, 1)


@dataclass
class Kept:
    """What the library must hold: the text of each document, by its id. The act that was under way when the
    process was killed may be done or not, but not half."""

    texts: dict[str, str] = field(default_factory=dict)
    doubtful: tuple[str, str | None] | None = None
    backups: list[tuple[Path, dict[str, str]]] = field(default_factory=list)


def work(folder: Path, seed: int) -> None:
    """The process that is killed: says what it begins and what is done, a JSON line each."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]
    from fakes import HashEmbedder, make_parsed  # noqa: PLC0415

    from index.library import open_library  # noqa: PLC0415
    from index.upkeep import back_up  # noqa: PLC0415

    choose = random.Random(seed)

    def say(**what: object) -> None:
        print(json.dumps(what, ensure_ascii=False), flush=True)

    say(begun="start")
    with open_library(folder / "data", HashEmbedder()) as library:
        say(done="start")
        names = [record.id for record in library.documents()]
        for number in range(10_000):
            act = choose.choices(_ACTS, _OFTEN)[0] if names else "add"
            if act in {"add", "replace"}:
                name = f"d{seed}-{number}" if act == "add" else choose.choice(names)
                text = "".join(
                    f"{name}第{choose.random()}次写，第{part}句。" for part in range(choose.randint(1, 30))
                )
                say(begun=act, id=name, text=text)
                library.add([make_parsed(name, [text])])
                names = [*names, name] if act == "add" else names
                say(done=act, id=name, text=text)
            elif act == "remove":
                name = names.pop(choose.randrange(len(names)))
                say(begun=act, id=name)
                library.remove(name)
                say(done=act, id=name)
            else:
                target = folder / f"copy-{seed}-{number}.db"
                say(begun=act, path=str(target))
                back_up(folder / "data", target)
                say(done=act, path=str(target))


def once(folder: Path, seed: int, kept: Kept, choose: random.Random) -> str:
    """One process, killed; returns what it was about."""
    command = [sys.executable, "-m", "benchmarks.kills", "--work", str(folder), "--seed", str(seed)]
    begun: dict[str, str] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        # A third dies while starting, the others some way into their work.
        if choose.random() < 1 / 3:
            time.sleep(choose.uniform(0.0, 1.2))
        else:
            for _ in range(choose.randint(1, 25)):
                begun = follow(json.loads(process.stdout.readline() or "{}"), begun, kept)
            time.sleep(choose.uniform(0.0, 0.02))
        process.kill()
        for line in process.stdout:
            if line.endswith("\n"):
                begun = follow(json.loads(line), begun, kept)
    kept.doubtful = (begun["id"], begun.get("text")) if "id" in begun else None
    return begun.get("begun", "Python starts, or between two acts")


def follow(line: dict[str, str], begun: dict[str, str], kept: Kept) -> dict[str, str]:
    """Keep account of one line; returns what is under way."""
    act = line.get("done")
    if act is None:
        return line or begun
    if act in {"add", "replace"}:
        kept.texts[line["id"]] = line["text"]
    elif act == "remove":
        kept.texts.pop(line["id"], None)
    elif act == "backup":
        kept.backups.append((Path(line["path"]), dict(kept.texts)))
    return {}


def stored(folder: Path) -> dict[str, str]:
    """What the library holds, and whether each is found."""
    sys.path[:0] = [str(ROOT / "tests")]
    from fakes import HashEmbedder  # noqa: PLC0415

    from index.library import open_library  # noqa: PLC0415

    with open_library(folder, HashEmbedder(), notice=lambda text: None) as library:
        return {record.id: library.document(record.id).document.text for record in library.documents()}


def faults(folder: Path, kept: Kept) -> list[str]:
    """What is wrong after a kill."""
    if not (folder / "data" / "library.sqlite3").exists():
        return ["everything is gone"] if kept.texts else []
    found = [problem.text for problem in verify(folder / "data").problems]
    held = stored(folder / "data")
    name, text = kept.doubtful or ("", None)
    for document_id in held.keys() | kept.texts.keys():
        allowed = [kept.texts.get(document_id)]
        if document_id == name:
            allowed.append(text)
        if not any(
            one is None if document_id not in held else one and one in held[document_id] for one in allowed
        ):
            found.append(f"{document_id}: {held.get(document_id, 'gone')[:30]!r}")
    if name:  # whichever it is, it is settled now
        kept.texts = {
            key: (text if key == name and text and text in held[key] else kept.texts.get(key, ""))
            for key in held
        }
    return found


def backup_faults(folder: Path, kept: Kept) -> list[str]:
    """A backup that was told to be done is whole, and none stands there half."""
    found = []
    for number, (path, texts) in enumerate(kept.backups[-3:]):
        target = folder / f"restored-{number}"
        restore(path, target)
        held = stored(target)
        found += [problem.text for problem in verify(target).problems]
        found += [
            f"backup {path.name} lacks {name}"
            for name, text in texts.items()
            if text not in held.get(name, "")
        ]
    told = {path for path, _ in kept.backups}
    for path in folder.glob("copy-*.db"):
        if path not in told:
            restore(path, folder / f"untold-{path.stem}")  # raises where it isn't whole
    return found


def main() -> int:
    """Measure and write; the exit code tells whether anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.work:
        work(options.work, options.seed)
        return 0
    choose = random.Random(options.seed)
    moments: Counter[str] = Counter()
    wrong: list[str] = []
    kept = Kept()
    acknowledged = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(1, options.kills + 1):
            moments[once(folder, 1000 * options.seed + number, kept, choose)] += 1
            wrong += faults(folder, kept)
            acknowledged = max(acknowledged, len(kept.texts))
            print(f"\r{number} of {options.kills}, {len(wrong)} faults", end="", file=sys.stderr, flush=True)
        wrong += backup_faults(folder, kept)
        backups = len(kept.backups)
    rows = "\n".join(f"| {act} | {count} |" for act, count in sorted(moments.items()))
    text = f"""# What kill -9 loses

`python -m benchmarks.kills --kills {options.kills} --seed {options.seed}`, {datetime.date.today()}.

A process adds, replaces and takes out documents, makes backups, and starts anew; it was killed
**{options.kills} times** at random moments. After each: `jianbao verify`'s checks, and every document that
was acknowledged looked for, none half there. **{len(wrong)} faults.** At most {acknowledged} documents stood
in the library; {backups} backups were acknowledged, the last three restored and verified, none stood there
half.

| under way when it was killed | times |
| --- | ---: |
{rows}
"""
    text += "".join(f"\n- {one}" for one in wrong[:50])
    options.output.write_text(text, encoding="utf-8")
    print("\n" + text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
