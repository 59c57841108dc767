"""How fast a folder of bulletins goes in: ``python -m benchmarks.ingest`` (``--help`` tells the rest).

Writes bulletins made of sentence patterns (places, dates and figures vary, from a fixed seed) into a
temporary folder and runs ``jianbao add`` on it twice, as a user would, with the real model.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import psutil

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "ingest.md"
PLACES = (
    "灌南县",
    "溧阳市",
    "睢宁县",
    "泰兴市",
    "沭阳县",
    "丰县",
    "沛县",
    "东海县",
    "灌云县",
    "涟水县",
    "盱眙县",
    "金湖县",
    "响水县",
    "滨海县",
    "阜宁县",
    "射阳县",
    "建湖县",
    "东台市",
    "宝应县",
    "仪征市",
    "高邮市",
    "扬中市",
    "句容市",
    "靖江市",
    "兴化市",
    "泗阳县",
    "泗洪县",
    "如皋市",
    "启东市",
    "海安市",
)
TOWNS = ("青石镇", "白桥镇", "柳湾镇", "石门镇", "双塘镇", "新河镇", "东溪镇", "南岗镇", "北塔镇")
WORK = ("数字书房", "暖心驿站", "移风易俗", "志愿服务", "网格治理", "乡村夜校", "垃圾分类", "流动图书车")
WHO = ("快递员", "外卖骑手", "独居老人", "困境儿童", "返乡青年", "退役军人", "种粮大户", "货车司机")
OPENINGS = (
    "{year}年以来，{place}把{work}作为为民办实事的重点，在{town}等{a}个乡镇先行试点，共投入资金{b}万元。",
    "针对群众反映集中的问题，{place}从{month}月起推进{work}，{town}带头，{a}个乡镇随后跟进，覆盖居民{b}户。",
    "{place}把{work}纳入年度考核，由{a}个部门共同承担，{town}在{month}月底前率先建成，服务群众{b}人次。",
)
MEASURES = (
    "建立由{a}名干部和{b}名志愿者组成的工作队，每周走访{who}不少于{c}户，当场能办的事情当场办结。",
    "对照问题清单逐项整改，全年办结{b}件，办结率达到{p}%，比上年提高{c}个百分点。",
    "在{town}设立{a}处服务点，为{who}提供饮水、充电、热饭和法律咨询，累计接待{b}人次。",
    "每季度召开一次评议会，邀请{who}代表{a}人打分，满意度由{c}月份的百分之{p}逐步上升。",
    "整合闲置房屋{a}处共{b}平方米，统一标识、统一开放时间，夜间延长到{c}时。",
    "推行积分管理，{who}参加一次活动记{c}分，凭分兑换日用品，已有{b}人参与。",
)
ORDER = ("一是建强队伍。", "二是做实服务。")
ARTICLES = 2


@dataclass(frozen=True, slots=True)
class RunFigures:
    """One run of ``jianbao add``: seconds on the clock, the resident memory of the process and its children
    in bytes, ten times a second (pages they share count more than once), what it printed, and the lines
    of its report."""

    seconds: float
    memory: list[int]
    printed: str
    lines: list[dict[str, object]]

    @property
    def peak(self) -> str:
        """In MiB: of the first quarter of the run, and of all of it."""
        first = self.memory[: max(1, len(self.memory) // 4)]
        return f"{max(first) / 2**20:.0f}, {max(self.memory) / 2**20:.0f}"

    @property
    def passages(self) -> int:
        return sum(int(str(line["passages"])) for line in self.lines)


def bulletin(number: int, random_: random.Random) -> str:
    """Masthead and two articles of three paragraphs: an opening and two times two measures."""
    issuer = PLACES[number % len(PLACES)]
    year, issue = 2005 + number // len(PLACES) % 20, number // (len(PLACES) * 20) + 1
    date = datetime.date(year, 1, 1) + datetime.timedelta(days=random_.randrange(360))
    lines = [f"{issuer}文明建设简报", f"第{issue}期"]
    lines.append(f"{issuer}精神文明建设办公室　　　　{date.year}年{date.month}月{date.day}日")
    for place in random_.sample(PLACES, ARTICLES):
        work = random_.choice(WORK)
        lines.append(f"{place}：推进{work} 服务{random_.choice(WHO)}")
        lines.append(_filled(random_.choice(OPENINGS), place, work, date, random_))
        measures = random_.sample(MEASURES, 2 * len(ORDER))
        for number_, mark in enumerate(ORDER):
            own = measures[2 * number_ : 2 * number_ + 2]
            lines.append(mark + "".join(_filled(text, place, work, date, random_) for text in own))
    return "\n".join(lines) + "\n"


def write_folder(folder: Path, files: int) -> None:
    """``files`` bulletins, the same ones each time."""
    random_ = random.Random(20250301)
    for number in range(files):
        (folder / f"{number:05d}.txt").write_text(bulletin(number, random_), "utf-8")


def add(folder: Path, data: Path, cache: Path) -> RunFigures:
    """Run ``jianbao add`` in a process of its own and watch it."""
    report = data.with_suffix(".jsonl")
    environment = {k: v for k, v in os.environ.items() if not k.upper().startswith("JIANBAO_")}
    environment |= {"JIANBAO_DATA": str(data), "JIANBAO_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "api.start", "add", str(folder), "--report", str(report)]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    memory = [0]
    watcher = threading.Thread(target=_watch, args=(process.pid, memory), daemon=True)
    watcher.start()
    printed, _ = process.communicate()
    seconds = time.perf_counter() - started
    watcher.join()
    if process.returncode:
        raise SystemExit(f"jianbao add ended with {process.returncode}:\n{printed}")
    lines = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    return RunFigures(seconds, memory, printed.replace(f"{data.parent}/", ""), lines)


def describe(files: int, first: RunFigures, second: RunFigures) -> str:
    """The results as Markdown."""
    size = first.passages / files
    return f"""# Adding {files} bulletins

`python -m benchmarks.ingest --files {files}`, {datetime.date.today()}, {processor()}.

Each bulletin is a txt of {ARTICLES} articles, made from sentence patterns: {size:.1f} passages on average.
Kept so small that the whole stays under ten minutes; time goes with the number of characters, not of files.

| | first run | the same again |
|---|---|---|
| seconds | {first.seconds:.0f} | {second.seconds:.1f} |
| files a second | {files / first.seconds:.1f} | {files / second.seconds:.0f} |
| passages a second | {first.passages / first.seconds:.0f} | |
| peak memory of the first quarter, of all (MiB, children included) | {first.peak} | {second.peak} |

The report of the first run:

```
{first.printed.strip()}
```

and of the second:

```
{second.printed.strip()}
```
"""


def processor() -> str:
    """Its name and the number of its cores that this process may use."""
    names = [platform.processor() or platform.machine()]
    if (path := Path("/proc/cpuinfo")).exists():
        names = [
            line.split(":", 1)[1].strip() for line in path.read_text().splitlines() if "model name" in line
        ]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{names[0]}, {cores} cores, load average before the run {LOAD:.1f}"


LOAD = psutil.getloadavg()[0]


def _filled(pattern: str, place: str, work: str, date: datetime.date, random_: random.Random) -> str:
    return pattern.format(
        place=place,
        work=work,
        year=date.year,
        month=date.month,
        town=random_.choice(TOWNS),
        who=random_.choice(WHO),
        a=random_.randrange(3, 60),
        b=random_.randrange(120, 9800),
        c=random_.randrange(2, 24),
        p=random_.randrange(800, 999) / 10,
    )


def _watch(pid: int, memory: list[int]) -> None:
    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            total = 0
            for one in (process, *process.children(recursive=True)):
                total += one.memory_info().rss
            memory.append(total)
            time.sleep(0.1)
    except psutil.Error:  # it has ended
        pass


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bulletins"
        folder.mkdir()
        write_folder(folder, options.files)
        runs = [add(folder, Path(name) / "data", options.cache) for _ in range(2)]
    text = describe(options.files, *runs)
    options.output.write_text(text, "utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
