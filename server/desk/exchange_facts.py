"""What the headless desk tells of packages, handovers, requests and libraries."""

import datetime as dt

from app.exchange.proposing import Proposal, Share
from app.exchange.queries import Detail, Standing
from app.exchange.reads import Offer, Package, PackedCopy, Requested, WeededCopy
from app.exchange.rules import LibraryFacts
from server.desk.answers import Facts, reason


def told_package(package: Package) -> Facts:
    """A package where it stands."""
    return {
        "package": package.id,
        "reason": package.reason,
        "way": package.way,
        "stage": package.stage.key,
        "state": package.state,
        "level": package.level,
        "packed_on": package.packed_on,
        "handed_on": package.handed_on,
        "announced_on": package.announced_on,
    }


def told_handover(handover: Package) -> Facts:
    """A handover with its papers; `weight` in kilograms, `proceeds` in rials."""
    return {
        "delivery": handover.id,
        "kind": handover.kind,
        "state": handover.state,
        "level": handover.level,
        "number": f"{handover.year}/{handover.number}" if handover.number else None,
        "handed_on": handover.handed_on,
        "receipt_no": handover.receipt_no,
        "letter_no": handover.letter_no,
        "letter_on": handover.letter_on,
        "weight": handover.weight_g / 1_000 if handover.weight_g is not None else None,
        "proceeds": handover.proceeds,
        "paid_on": handover.paid_on,
        "proceeds_receipt_no": handover.proceeds_receipt_no,
        "proceeds_notice_no": handover.proceeds_notice_no,
        "proceeds_notice_on": handover.proceeds_notice_on,
        "remark": handover.remark,
    }


def told_standing(standing: Standing, today: dt.date) -> Facts:
    """A package with counts, clocks and what may be done next."""
    return told_package(standing.package) | {
        "copies": standing.copies,
        "gone": standing.gone,
        "left": standing.left,
        "waiting": standing.waiting,
        "put_aside": standing.aside,
        "closes_on": standing.closes_on,
        "store_from": standing.store_from,
        "days_left": standing.days_left(today),
        "next": list(standing.steps),
    }


def told_detail(found: Detail, today: dt.date) -> Facts:
    """A package with everything around it."""
    return told_standing(found.standing, today) | {
        "rows": [told_copy(copy) for copy in found.rows],
        "offer": told_offer(found.offer) if found.offer else None,
        "requests": [told_request(one) for one in found.requests],
        "handovers": [
            told_handover(one.package)
            | {"copies": one.copies, "library": one.destination.name if one.destination else None}
            for one in found.handovers
        ],
    }


def told_proposal(proposal: Proposal) -> Facts:
    """Who gets what, in order, and what nobody asked for."""
    return {
        "shares": [_share(share) for share in proposal.shares],
        "left": [told_copy(copy) for copy in proposal.left],
    }


def _share(share: Share) -> Facts:
    return told_request(share.request) | {
        "place": share.place,
        "rank": share.rank.name.lower(),
        "copies": len(share.copies),
        "rows": [told_copy(copy) for copy in share.copies],
        "refusals": [reason(refusal) for refusal in share.refusals],
    }


def told_request(requested: Requested) -> Facts:
    """A request of a library."""
    wish = requested.wish
    return {
        "request": requested.id,
        "state": requested.state,
        "library": wish.library.id,
        "name": wish.library.name,
        "asked_at": wish.asked_at,
        "has_space": wish.has_space,
        "items": requested.items,
        "remark": requested.remark,
    }


def told_copy(copy: PackedCopy | WeededCopy) -> Facts:
    """A copy of a package, or one that can be packed."""
    return {
        "item": copy.item_id,
        "barcode": copy.barcode,
        "accession_no": copy.accession_no,
        "title": copy.title,
        "gone_to": copy.gone_to if isinstance(copy, PackedCopy) else None,
    }


def told_library(library: LibraryFacts) -> Facts:
    """A licensed library as registered."""
    return {
        "library": library.id,
        "name": library.name,
        "kind": library.kind,
        "province": library.province,
        "county": library.county,
        "licence_no": library.licence_no,
        "licensed_until": library.licensed_until,
        "founded_on": library.founded_on,
        "to_be_founded": library.to_be_founded,
        "address": library.address,
    }


def told_offer(offer: Offer) -> Facts:
    """An announcement."""
    return {
        "level": offer.level,
        "announced_on": offer.announced_on,
        "closes_on": offer.closes_on,
        "letter_no": offer.letter_no,
    }
