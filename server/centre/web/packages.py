"""Packages on a stick: an office brings the package of a library without a line, and takes the receipt and the centre's
own package back to it (sync-protocol 19)."""

import sqlalchemy as sa
from starlette.responses import Response

from app.centre import Centre
from app.messages import Message, message_of
from app.persian.digits import number
from app.refusal import Refusal
from app.review.branches import BranchHealth, health
from app.sync.packages.down import prepare_package
from app.sync.packages.form import MOST_BYTES, SUFFIX, Kind, head_of
from app.sync.packages.receipts import receipt_of
from app.sync.packages.taking import Taken, take_package
from db.codes import Role
from db.models.sync import Device
from db.trouble import Trouble
from server.centre.web.files import download
from server.centre.web.pages import Page, Shot, Visit

CARRIERS = frozenset({Role.COUNTY_HEAD, Role.PROVINCE_REVIEWER, Role.LIBRARY_AFFAIRS, Role.ADMINISTRATOR})
"""Who may carry packages of the libraries in scope. Nobody believes them for it: every package is signed."""
BINARY = "application/octet-stream"
OF_PACKAGES = "P-24"
"""Troubles of a package, which are answered on the page itself."""
NO_FILE = Refusal("upload.missing")


def show(visit: Visit) -> Response:
    """What came from a library on sticks, and what may be taken to it."""
    found = _branch(visit)
    return visit.missing() if found is None else _page(visit, found)


def take(visit: Visit) -> Response:
    """Take a package in. The same one again changes nothing."""
    found, upload = _branch(visit), visit.upload("package")
    if found is None:
        return visit.missing()
    if upload is None:
        return _page(visit, found, 422, refused=(NO_FILE,))
    try:
        raw = upload.read()
        refused = _of_another(visit, found, raw)
        if refused is not None:
            return _page(visit, found, 422, refused=(refused,))
        taken = take_package(visit.centre, raw)
    except Trouble as trouble:
        return _in_trouble(visit, found, trouble)
    return visit.redirect(f"/branches/{found.id}/packages", told=_told(taken), tone="warn" if taken.held else "ok")


def receipt(visit: Visit) -> Response:
    """The signed receipt for a computer: what the centre has of it now."""
    found, device = _branch(visit), visit.id("device")
    if found is None or device not in {one.id for one in found.devices if one.active}:
        return visit.missing()
    raw, name = receipt_of(visit.centre, device).sealed(visit.centre)
    return download(raw, name, BINARY)


def down(visit: Visit) -> Response:
    """What the centre has for this library, with the receipt in it."""
    found = _branch(visit)
    if found is None:
        return visit.missing()
    try:
        prepared = prepare_package(visit.centre, found.id)
    except Trouble as trouble:
        return _in_trouble(visit, found, trouble)
    return download(prepared.raw, prepared.name, BINARY)


def _branch(visit: Visit) -> BranchHealth | None:
    branch_id = visit.id("branch")
    if not visit.sees(branch_id):
        return None
    with visit.read() as reader:
        return next(iter(health(reader, [branch_id])), None)


def _of_another(visit: Visit, found: BranchHealth, raw: bytes) -> Refusal | None:
    """A package that goes up from another library: whose it is, where that may be told here."""
    head = head_of(raw)
    if head.kind != Kind.UP or head.branch == found.id.bytes:
        return None
    with visit.read() as reader:
        other = next((one for one in health(reader, visit.scope) if one.id.bytes == head.branch), None)
    if other is None:
        return Refusal("package.beyond_scope")
    return Refusal("package.other_branch", facts={"library": other.name})


def _told(taken: Taken) -> str:
    if taken.already:
        return "همهٔ این بسته پیش‌تر رسیده بود؛ چیزی دو بار ثبت نشد. رسید را می‌توانید دوباره بگیرید."
    came = f"{number(taken.new)} رویداد تازه ثبت شد." if taken.new else "هنوز چیزی ثبت نشد."
    if taken.held:
        return f"{came} {number(taken.held)} دسته نگه داشته شد، چون بستهٔ پیش از این هنوز نیامده است؛ آن را هم بیاورید."
    return f"{came} رسید را برای کتابخانه ببرید."


def _in_trouble(visit: Visit, found: BranchHealth, trouble: Trouble) -> Response:
    if not trouble.code.startswith(OF_PACKAGES):
        raise trouble
    return _page(visit, found, 422, trouble=message_of(trouble))


def _page(
    visit: Visit, found: BranchHealth, status: int = 200, refused: tuple[Refusal, ...] = (),
    trouble: Message | None = None,
) -> Response:  # fmt: skip
    computers = [one for one in found.devices if one.active]
    acked = {one.id: sum(part.seq for part in receipt_of(visit.centre, one.id).acked) for one in computers}
    return visit.render(
        "packages.html", status=status, refused=refused, found=found, computers=computers, acked=acked,
        trouble=trouble, suffix=SUFFIX, megabytes=MOST_BYTES >> 20,
    )  # fmt: skip


PAGES = (
    Page("/branches/{branch}/packages", "GET", show, who=CARRIERS),
    Page("/branches/{branch}/packages", "POST", take, who=CARRIERS, costly=True, uploads=MOST_BYTES),
    Page("/branches/{branch}/packages/down", "GET", down, who=CARRIERS, costly=True),
    Page("/branches/{branch}/packages/receipts/{device}", "GET", receipt, who=CARRIERS),
)


def _of_pictures(centre: Centre) -> str:
    """The page of a library that has a computer."""
    query = sa.select(Device.branch_id).where(Device.branch_id != centre.id, Device.state == "active")
    with centre.store.read() as reader:
        found = reader.connection.execute(query.order_by(Device.id).limit(1)).scalar()
    return "/branches" if found is None else f"/branches/{found}/packages"


SHOTS = (Shot("packages", _of_pictures, user="admin"),)
