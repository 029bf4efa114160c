"""Notes, bans, incidents, contacts, history and photograph of a member, in the place of the card."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from app.circulation.alerts import AlertForm, add_alert
from app.members.incidents import IncidentForm, add_incident
from app.members.photos import photo_of
from db.codes import AlertMoment, AlertWeight, ContactHealth, RestrictionKind, Role
from db.models.members import Alert, MemberContact, Restriction
from tests import library as lib
from tests.library import AMember
from tests.ui.members.pages import CTRL, SHIFT, answer, press, stored, told, words
from tests.ui.sessions import heard, scan
from ui.members.page import MembersPage
from ui.members.side import BANS, WAYS
from ui.session import Session
from ui.sounds import Sound

DELETE = Qt.Key.Key_Delete


def picture(colour: str = "#336699") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (300, 500), colour).save(kept, "PNG")
    return kept.getvalue()


def photo(session: Session, member: AMember) -> bytes | None:
    with session.library.store.read() as reader:
        return photo_of(reader, member.id)


def test_every_way_stands_in_the_menu_with_its_key(desk: MembersPage) -> None:
    press(Qt.Key.Key_J, CTRL)
    assert desk.people.menu.isVisible()
    assert {button.key() for button in desk.people.menu.buttons.values()} == {key for _, key in WAYS.values()}
    press(Qt.Key.Key_T, CTRL)
    assert desk.people.notes.isVisible()
    assert not desk.people.menu.isVisible()
    desk.on_escape()
    assert desk.people.details.isVisible()


def test_keys_of_the_page_are_told_once(desk: MembersPage) -> None:
    keys = [help_.key for help_ in desk.key_help() if help_.key != BANS]  # the same key merges in the list of twins
    assert len(keys) == len(set(keys))


def test_without_a_member_nothing_opens(desk: MembersPage) -> None:
    desk.people.clear()
    for name in WAYS:
        if name not in ("print", "desk"):
            desk.do(name)
    assert not desk.people.side_in_sight()
    assert not desk.asking.is_open()


def test_another_member_chosen_shows_theirs(desk: MembersPage, session: Session, zahra: AMember) -> None:
    add_alert(session.library, AlertForm("کیف او نزد ماست.", "M-2"), session.act())
    desk.do("notes")
    assert desk.people.notes.table.rowCount() == 0
    desk.people.members.view.choose(zahra.id)
    assert "زهرا زند" in words(desk.people.notes)
    assert desk.people.notes.table.rowCount() == 1


class TestNotes:
    def test_a_note_is_left_with_its_moment_and_rule(self, desk: MembersPage, session: Session) -> None:
        press(Qt.Key.Key_T, CTRL)
        press(Qt.Key.Key_T, CTRL)
        answer(desk, text="کیف او نزد ماست.", moment="always", weight="confirm", until=lib.TODAY + dt.timedelta(9))
        [note] = lib.rows(session.library, Alert)
        assert (note.text, note.moment, note.weight) == ("کیف او نزد ماست.", AlertMoment.ALWAYS, AlertWeight.CONFIRM)
        assert desk.people.notes.table.rowCount() == 1
        assert "کیف او نزد ماست." in words(desk.people.notes)
        desk.on_escape()
        assert "کیف او نزد ماست." in words(desk.people.details)

    def test_an_empty_note_is_not_left(self, desk: MembersPage, session: Session) -> None:
        desk.do("notes")
        desk.people.notes.add.click()
        answer(desk, text="")
        assert desk.asking.is_open()
        assert lib.rows(session.library, Alert) == []

    def test_a_note_is_taken_away(self, desk: MembersPage, session: Session) -> None:
        add_alert(session.library, AlertForm("کیف او نزد ماست.", "M-1"), session.act())
        desk.do("notes")
        press(DELETE, CTRL)
        assert lib.rows(session.library, Alert) == []
        assert desk.people.notes.table.rowCount() == 0
        assert "کیف او نزد ماست." in told(desk)
        desk.on_escape()
        assert "کیف او نزد ماست." not in words(desk.people.details)


class TestBans:
    def test_a_ban_is_laid_with_its_reason_and_shown_at_once(self, desk: MembersPage, session: Session) -> None:
        press(Qt.Key.Key_M, CTRL)
        press(Qt.Key.Key_M, CTRL)
        press(Qt.Key.Key_Return)
        assert lib.rows(session.library, Restriction) == []
        answer(desk, reason="بی‌نظمی", until=lib.TODAY + dt.timedelta(10))
        [ban] = lib.rows(session.library, Restriction)
        assert (ban.reason, ban.kind, ban.until) == ("بی‌نظمی", RestrictionKind.MANUAL, dt.date(2026, 12, 1))
        assert desk.people.bans.bans.rowCount() == 1
        assert "محروم شد" in told(desk)

    def test_a_ban_is_lifted_with_a_reason(self, desk: MembersPage, session: Session) -> None:
        desk.do("bans")
        desk.people.bans.ban.click()
        answer(desk, reason="بی‌نظمی")
        press(DELETE, CTRL)
        answer(desk, reason="پوزش خواست")
        assert [ban.lifted_at is not None for ban in lib.rows(session.library, Restriction)] == [True]
        assert desk.people.bans.bans.rowCount() == 0

    @pytest.mark.parametrize(
        ("role", "kind", "why"),
        [(Role.LIBRARIAN, "disciplinary", "کمیتهٔ انضباطی"), (Role.TRAINEE, "manual", "در اختیار کاربر کنونی نیست")],
    )
    def test_who_may_not_is_told_in_the_question(
        self, desk: MembersPage, session: Session, role: Role, kind: str, why: str
    ) -> None:
        """000 §3-1-3."""
        session.person = replace(session.person, role=role)
        desk.do("bans")
        desk.people.bans.ban.click()
        answer(desk, reason="بی‌نظمی", kind=kind)
        assert desk.asking.is_open()
        assert why in words(desk.panel)
        assert lib.rows(session.library, Restriction) == []

    def test_breaches_that_went_to_the_committee_stand_below(self, desk: MembersPage, session: Session) -> None:
        add_incident(session.library, IncidentForm("M-1", "کتاب مرجع را بیرون برد."), session.act())
        desk.do("bans")
        [incident] = desk.people.bans.incidents.shown_rows()
        assert incident.account == "کتاب مرجع را بیرون برد."


class TestContacts:
    """001 یافته‌ها الف."""

    def healths(self, session: Session) -> dict[str, ContactHealth]:
        return {row.value: row.health for row in lib.rows(session.library, MemberContact)}

    @pytest.mark.parametrize(
        ("key", "health"),
        [
            (Qt.Key.Key_1, ContactHealth.VERIFIED),
            (Qt.Key.Key_2, ContactHealth.DOUBTFUL),
            (Qt.Key.Key_3, ContactHealth.BAD),
        ],
    )
    def test_one_key_says_what_was_found_out(
        self, desk: MembersPage, session: Session, key: Qt.Key, health: ContactHealth
    ) -> None:
        press(Qt.Key.Key_U, CTRL)
        press(key, CTRL)
        assert self.healths(session)["+989123456789"] is health
        assert desk.people.contacts.table.row_at(0).health is health
        desk.undo()
        assert "+989123456789" not in self.healths(session)

    def test_a_new_number_becomes_the_one_of_the_membership(
        self, desk: MembersPage, session: Session, maryam: AMember
    ) -> None:
        press(Qt.Key.Key_U, CTRL)
        press(Qt.Key.Key_U, CTRL)
        answer(desk, value="۰۹۱۲ ۱۱۱ ۲۲۳۳")
        assert stored(session, maryam.id).mobile == "+989121112233"

    def test_a_messenger_is_kept_beside_it(self, desk: MembersPage, session: Session) -> None:
        """001 ضعف ب."""
        desk.do("contacts")
        desk.people.contacts.add.click()
        answer(desk, value="@maryam", kind="messenger")
        assert self.healths(session)["@maryam"] is ContactHealth.VERIFIED

    def test_the_number_of_the_guardian_stays_the_guardians(self, desk: MembersPage, session: Session) -> None:
        child = lib.add_member(
            session.library, "child", given_name="نیما", card="M-3", guardian="علی", guardian_mobile="09121110000"
        )
        session.refresh.tell("members")
        desk.on_shown()
        scan(desk, "M-3")
        desk.do("contacts")
        press(Qt.Key.Key_1, CTRL)
        [contact] = desk.people.contacts.table.shown_rows()
        assert (contact.whose.value, contact.health) == ("guardian", ContactHealth.VERIFIED)
        assert stored(session, child.id).mobile is None


class TestHistory:
    def test_only_what_is_in_hand_is_shown_where_no_history_is_wanted(
        self, desk: MembersPage, session: Session, maryam: AMember
    ) -> None:
        gone = lib.add_copy(session.library, "سووشون")
        lib.lend(session.library, maryam, gone)
        lib.take_back(session.library, gone)
        lib.lend(session.library, maryam, lib.add_copy(session.library, "کلیدر"))
        press(Qt.Key.Key_H, CTRL)
        assert [loan.title for loan in desk.people.history.table.shown_rows()] == ["کلیدر"]
        assert "نخواسته است" in words(desk.people.history)
        desk.on_escape()
        desk.edit_member()
        desk.form.form.input("keep_history").set_value(True)
        desk.form.save_member()
        desk.do("history")
        assert [loan.title for loan in desk.people.history.table.shown_rows()] == ["کلیدر", "سووشون"]
        assert "نخواسته است" not in words(desk.people.history)


class TestPhoto:
    def test_a_file_becomes_the_photograph(
        self, desk: MembersPage, session: Session, maryam: AMember, tmp_path: Path
    ) -> None:
        file = tmp_path / "face.png"
        file.write_bytes(picture())
        desk.people.photo.ask_which = lambda *_: file
        press(Qt.Key.Key_I, CTRL)
        press(Qt.Key.Key_I, CTRL)
        assert photo(session, maryam) is not None
        assert "عکس ثبت شد" in told(desk)
        chosen = desk.people.details.chosen()
        assert chosen is not None
        assert chosen.photo == photo(session, maryam)

    def test_a_picture_is_pasted(self, desk: MembersPage, session: Session, maryam: AMember) -> None:
        image = QImage(120, 160, QImage.Format.Format_RGB32)
        image.fill(QColor("#aa3355"))
        QGuiApplication.clipboard().setImage(image)
        desk.do("photo")
        press(Qt.Key.Key_V, CTRL | SHIFT)
        assert photo(session, maryam) is not None

    def test_a_file_that_was_copied_is_pasted(
        self, desk: MembersPage, session: Session, maryam: AMember, tmp_path: Path
    ) -> None:
        file = tmp_path / "face.png"
        file.write_bytes(picture())
        copied = QMimeData()
        copied.setUrls([QUrl.fromLocalFile(str(file))])
        QGuiApplication.clipboard().setMimeData(copied)
        desk.do("photo")
        desk.people.photo.take_paste()
        assert photo(session, maryam) is not None

    def test_an_empty_clipboard_and_a_file_that_is_no_picture_leave_the_old_one(
        self, desk: MembersPage, session: Session, maryam: AMember, tmp_path: Path, dressed: QApplication
    ) -> None:
        good, bad = tmp_path / "face.png", tmp_path / "letter.png"
        good.write_bytes(picture())
        bad.write_bytes(b"<html>")
        desk.do("photo")
        desk.people.photo.take_file(good)
        before = photo(session, maryam)
        desk.people.photo.take_file(bad)
        assert "عکس پیشین سر جای خود است" in words(desk.people.photo)
        dressed.clipboard().clear()
        desk.people.photo.take_paste()
        assert "در حافظه عکسی نیست" in words(desk.people.photo)
        desk.people.photo.take_file(tmp_path / "missing.png")
        assert "P-2101" in words(desk.people.photo)
        assert photo(session, maryam) == before
        assert heard(session)[-3:] == [Sound.REFUSED] * 3

    def test_the_photograph_is_taken_away(
        self, desk: MembersPage, session: Session, maryam: AMember, tmp_path: Path
    ) -> None:
        file = tmp_path / "face.png"
        file.write_bytes(picture())
        desk.do("photo")
        desk.people.photo.take_file(file)
        desk.people.photo.choose.setFocus()
        press(DELETE, CTRL)
        assert photo(session, maryam) is None
        assert not desk.people.photo.remove.isEnabled()
