"""How the rules are said on the screen: lines, values, problems, versions."""

from collections.abc import Mapping, Sequence

from app.labels import MATERIAL, RULE_STATUS
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.policy.draft import OWN_DECISION, Key
from app.policy.notation import NOTHING
from app.policy.problems import Problem
from app.policy.stored import FIRST, PolicyVersion
from app.policy.table import ANY, PolicyRow
from db.codes import RuleStatus
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.panel import Reason

ALL_MEMBERS, ALL_ITEMS, ALL_BRANCHES = "همهٔ عضوها", "همهٔ منابع", "همهٔ کتابخانه‌ها"
BY_DEFAULT = "پیش‌فرض برنامه"
EMPTY_MEANS = "خانهٔ خالی یعنی ردیف کلی‌تر تصمیم می‌گیرد؛ «ندارد» یعنی سقفی در کار نیست."
_MOST_PROBLEMS = 6

Labels = Mapping[str, str]


def category_words(code: str, categories: Labels) -> str:
    """A member category; its code where the library does not know it."""
    return ALL_MEMBERS if code == ANY else isolate(categories.get(code, code))


def item_type_words(code: str) -> str:
    """An item type; those of a library's own are shown by their code."""
    known = {material.value: label for material, label in MATERIAL.items()}
    return ALL_ITEMS if code == ANY else isolate(known.get(code, code))


def key_words(key: Key, categories: Labels) -> str:
    """A matching key in words: «عضو کودک · دیداری-شنیداری»."""
    branch = "" if key.branch == ANY else f"{isolate(key.branch)} · "
    return f"{branch}{category_words(key.category, categories)} · {item_type_words(key.item_type)}"


def row_words(row: PolicyRow | None, categories: Labels) -> str:
    """The row that decided, by its name where it has one."""
    if row is None:
        return BY_DEFAULT
    return isolate(row.name) if row.name else key_words(Key(row.branch, row.category, row.item_type), categories)


def source_words(row: PolicyRow | None) -> str:
    """Where the row says so: text and article."""
    if row is None:
        return ""
    return "، ".join(isolate(to_persian(part)) for part in (row.source, row.article) if part)


def key_of(text: str) -> Key:
    """The key behind «bachelor/*» or «arak/bachelor/*»; a branch may have strokes in its name."""
    branch, category, item_type = f"{ANY}/{text}".rsplit("/", 2)
    return Key(branch.removeprefix(f"{ANY}/") or ANY, category, item_type)


def problem_reasons(problems: Sequence[Problem], categories: Labels) -> tuple[Reason, ...]:
    """What is wrong, for the panel, lines by their words; a long list is cut and counted."""
    shown = tuple(Reason(_problem(problem, categories)) for problem in problems[:_MOST_PROBLEMS])
    rest = len(problems) - len(shown)
    return (*shown, Reason(f"و {number(rest)} ایراد دیگر")) if rest else shown


def _problem(problem: Problem, categories: Labels) -> str:
    named = f"«{key_words(key_of(problem.row), categories)}»" if problem.row else ""
    return problem.text.replace(f"«{problem.row}»", named) if named else problem.text


def version_words(version: int) -> str:
    """«نسخهٔ ۳»."""
    return f"نسخهٔ {number(version)}"


def status_words(version: PolicyVersion, in_force: int, *, waiting: bool) -> tuple[str, Tone]:
    """How a stored version stands: deciding now, waiting for its day, a draft, or gone by."""
    if version.version == in_force:
        return "در حال اجرا", Tone.OK
    if version.status is RuleStatus.DRAFT and version.version != FIRST:
        return RULE_STATUS[version.status], Tone.WARN
    if waiting:
        return f"از {jalali.short(version.effective_from)}", Tone.INFO
    return "گذشته", Tone.NEUTRAL


def empty_value(words: str) -> str:
    """A value for a place in a list; an empty list is a dash there."""
    return "—" if words in ("", NOTHING) else words


def own_source(text: str) -> str:
    """The source of changes as it was written, or our own words for it."""
    return text.strip() or OWN_DECISION
