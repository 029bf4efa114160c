"""`pishkhan sync`: synchronise, enrol, packages on a stick, and what is in a file; at a branch and at the centre."""

import argparse
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from types import MappingProxyType

import msgspec
from nacl.public import PrivateKey

from app.centre import Centre, open_centre, read_keys
from app.clock import SystemClock
from app.messages import one_line
from app.outcome import Refused
from app.persian.digits import number
from app.sync.branch.device_key import device_key_of, ensure_device_key, read_device_key
from app.sync.branch.http_line import line_of, pins_of
from app.sync.branch.joining import join
from app.sync.branch.rounds import ENDED_WELL
from app.sync.branch.union import FilesIn, fill_union
from app.sync.dump import PACKAGE, dump, dump_package
from app.sync.enrolling import issue_code, keep_certificates
from app.sync.packages.down import prepare_package
from app.sync.packages.form import look_into, opening_key_of, read_package
from app.sync.packages.receiving import receive
from app.sync.packages.taking import take_package
from app.sync.packages.up import export_packages
from app.wording import message
from db.files import safe_write
from db.keys import needs_secret
from db.opening import DEVICE_KEY
from db.trouble import Trouble
from reports.on_demand import ON_DEMAND
from server.desk.command import CANNOT
from server.desk.opening import Parser, add_library_options, opened, passphrase
from server.desk.session import say
from server.desk.sync import synchronised, trouble_of

Options = argparse.Namespace


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = Parser(prog="pishkhan sync", description="همگام‌سازی با مرکز، ثبت‌نام، و بسته‌های همگام‌سازی.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    now = commands.add_parser("now", help="همین حالا با مرکز همگام کن")
    enrol = commands.add_parser("enrol", help="ثبت‌نام در مرکز با رمز یک‌بارمصرف")
    enrol.add_argument("--url", required=True, metavar="URL", help="نشانی مرکز")
    enrol.add_argument("--code", required=True, metavar="CODE", help="رمز ثبت‌نام")
    enrol.add_argument("--fingerprint", default="", metavar="HEX", help="اثر انگشت کلید مرکز، از روی برگه")
    export = commands.add_parser("export", help="آنچه فرستاده نشده روی حافظهٔ USB")
    take = commands.add_parser("import", help="رسید یا بستهٔ مرکز را بیاور")
    union = commands.add_parser("union", help="همهٔ فهرست مشترک را بیاور، از مرکز یا از حافظهٔ USB")
    union.add_argument("--from", dest="folder", type=Path, metavar="DIR", help="پوشهٔ ‎shared‎ روی حافظهٔ USB")
    show = commands.add_parser("dump", help="درون یک فایل، به JSON")
    for one in (now, enrol, export, take, union):
        add_library_options(one)
        one.add_argument("--device-key", type=Path, metavar="DIR", help="پوشهٔ کلید این رایانه، برای پایگاه مشترک")
    code = commands.add_parser("code", help="در مرکز: رمز ثبت‌نام برای یک شعبه")
    give = commands.add_parser("give", help="در مرکز: بسته برای یک شعبه")
    receive_ = commands.add_parser("take", help="در مرکز: بستهٔ یک شعبه را بگیر و رسید بنویس")
    for one in (code, give, receive_):
        one.add_argument("--database", required=True, metavar="URL", help="پایگاه PostgreSQL مرکز")
        one.add_argument("--keys", required=True, type=Path, metavar="DIR", help="پوشهٔ کلیدهای مرکز")
    code.add_argument("--branch", type=uuid.UUID, metavar="ID", help="شعبه‌ای که شناخته است؛ بی آن شعبه‌ای تازه")
    code.add_argument("--province", default="", help="استان شعبهٔ تازه")
    code.add_argument("--county", default="", help="شهرستان شعبهٔ تازه")
    code.add_argument("--certificate", type=Path, metavar="FILE", help="گواهی پراکسی مرکز (PEM)، که شعبه‌ها نگه می‌دارند")
    give.add_argument("--branch", required=True, type=uuid.UUID, metavar="ID", help="شعبه")
    for one in (export, give):
        one.add_argument("--to", required=True, type=Path, metavar="DIR", help="پوشهٔ حافظهٔ USB")
    for one in (take, receive_, show):
        one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    show.add_argument("--keys", type=Path, metavar="DIR", help="پوشهٔ کلید گیرنده، برای باز کردن بسته")
    show.add_argument("--passphrase-file", type=Path, metavar="FILE", help="فایلی که گذرواژهٔ کتابخانه در آن است")
    show.add_argument("--personal", action="store_true", help="مشخصات افراد هم نشان داده شود")
    return made


def main(argv: Sequence[str]) -> int:
    """0: done; 1: refused, or not all of it; 2: it could not be done, and why."""
    options = parser().parse_args(argv)
    try:
        return COMMANDS[options.command](options)
    except Trouble as trouble:
        say(one_line(trouble))
        return CANNOT


def _now(options: Options) -> int:
    with opened(options) as library:
        outcome = synchronised(library, read_device_key(library, options.device_key))
    if outcome.state not in ENDED_WELL:
        raise trouble_of(outcome)
    print(
        f"{number(outcome.sent)} رویداد فرستاده شد، {number(outcome.received)} ردیف آمد، "
        f"{number(outcome.waiting)} رویداد در صف است."
    )
    return 0


def _enrol(options: Options) -> int:
    with opened(options) as library:
        key = ensure_device_key(library, options.device_key)
        act = library.act(library.person(None))
        outcome = join(library, options.url, options.code, key, act, options.fingerprint)
    if isinstance(outcome, Refused):
        say("\n".join(message(refusal) for refusal in outcome.refusals))
        return 1
    print(f"این کتابخانه در مرکز ثبت‌نام شد.\nاثر انگشت کلید مرکز: {outcome.fingerprint}")
    return 0


def _export(options: Options) -> int:
    with opened(options) as library:
        written = export_packages(library, read_device_key(library, options.device_key), options.to)
    for one in written:
        print(f"{one.path}: {number(one.entries)} رویداد")
    if not written:
        print("چیزی برای فرستادن نیست.")
    return 0


def _import(options: Options) -> int:
    with opened(options) as library:
        key = read_device_key(library, options.device_key)
        for path in options.files:
            received = receive(library, key, read_package(path), printers=ON_DEMAND)
            if received.already:
                print(f"{path}: {one_line(Trouble('P-2424'))}")
            else:
                print(f"{path}: {number(received.acked)} رویداد رسیده است، {number(received.rows)} ردیف تازه آمد.")
    return 0


def _union(options: Options) -> int:
    with opened(options) as library:
        key = read_device_key(library, options.device_key)
        if options.folder is not None:
            rows = fill_union(library, key, FilesIn(options.folder))
        else:
            with line_of(library) as line:
                rows = fill_union(library, key, line)
    print(f"{number(rows)} ردیف تازه آمد.")
    return 0


def _dump(options: Options) -> int:
    for path in options.files:
        raw = read_package(path)
        plain = dump(raw, personal=options.personal)
        if options.keys is not None and plain["file"] == PACKAGE:
            key = _opening_key(options.keys, options.passphrase_file)
            plain = dump_package(look_into(raw, key), personal=options.personal)
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n")
    return 0


def _code(options: Options) -> int:
    with _centre(options) as centre:
        if options.certificate is not None:
            keep_certificates(centre, _pem(options.certificate))
        issued = issue_code(centre, options.branch, getuser(), province=options.province, county=options.county)
    print(f"رمز ثبت‌نام: {issued.code}\nاثر انگشت کلید مرکز: {issued.fingerprint}")
    return 0


def _pem(path: Path) -> str:
    try:
        return pins_of(path.read_text())
    except (OSError, ValueError) as error:
        raise Trouble("P-2410", path=path) from error


def _give(options: Options) -> int:
    with _centre(options) as centre:
        prepared = prepare_package(centre, options.branch)
    path = options.to / prepared.name
    safe_write(path, prepared.raw)
    print(f"{path}: {number(prepared.rows)} ردیف")
    return 0


def _take(options: Options) -> int:
    with _centre(options) as centre:
        for path in options.files:
            taken = take_package(centre, read_package(path))
            receipt = path.parent / taken.receipt_name
            safe_write(receipt, taken.receipt)
            told = one_line(Trouble("P-2424")) if taken.already else f"{number(taken.new)} رویداد گرفته شد."
            waits = f" {number(taken.held)} بخش در انتظار بستهٔ پیشین است." if taken.held else ""
            print(f"{path}: {told}{waits}\n{receipt}")
    return 0


def _opening_key(folder: Path, passphrase_file: Path | None) -> PrivateKey:
    """What opens packages to the owner of the keys in a folder: the centre, or a branch with a file of its own."""
    if (folder / DEVICE_KEY).exists():
        secret = passphrase(passphrase_file) if needs_secret(folder) else None
        return opening_key_of(device_key_of(folder, secret))
    return read_keys(folder).sealing


@contextmanager
def _centre(options: Options) -> Iterator[Centre]:
    centre = open_centre(options.database, options.keys, SystemClock())
    try:
        yield centre
    finally:
        centre.store.close()


COMMANDS: Mapping[str, Callable[[Options], int]] = MappingProxyType(
    {
        "now": _now, "enrol": _enrol, "export": _export, "import": _import, "union": _union, "dump": _dump,
        "code": _code, "give": _give, "take": _take,
    }
)  # fmt: skip
