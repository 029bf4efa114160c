import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.check import INVARIANTS, Broken, Report, check_library
from app.devices.scan import Flaw, Scan, Source, Unreadable
from app.devices.serial_reader import Port
from app.library import Person
from db.codes import Role
from db.models.items import Item
from db.models.library import Staff
from db.trouble import Trouble
from tests import library as lib
from tests.ui.sessions import heard, scan, session_on
from ui.preferences import Preferences
from ui.session import Session
from ui.settings.devices import FLAWS, PCSC_HELP, PCSC_MISSING, SOURCES, ScannerCard
from ui.settings.health import RULES, broken_words
from ui.settings.page import SettingsPage
from ui.sounds import Sound
from ui.widgets.labels import isolate

USB = Port("/dev/ttyUSB0", "<b>CH340</b>", "1a86:7523")
PLAIN = Port("COM1", "Communications Port", "")
WAIT_MS = 20_000


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def wanted() -> list[Preferences]:
    return []


@pytest.fixture
def page(session: Session, wanted: list[Preferences], qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(session, wanted.append)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    return made


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def scanner(session: Session, qtbot: QtBot, port: str = "", *, trouble: str = "") -> ScannerCard:
    """The card of a computer with two ports."""

    def check(name: str) -> None:
        if trouble:
            raise Trouble(trouble, port=name)

    card = ScannerCard(Preferences(scanner_port=port), session.jobs, lambda: (USB, PLAIN), check)
    qtbot.addWidget(card)
    card.show()
    card.list_ports()
    return card


def try_it(card: ScannerCard, session: Session, qtbot: QtBot) -> str:
    card.test.click()
    qtbot.waitUntil(lambda: not session.jobs.open_jobs(), timeout=WAIT_MS)
    return words(card)


def test_the_dark_theme_is_put_on_with_the_keyboard(page: SettingsPage, wanted: list[Preferences]) -> None:
    page.looks.theme.setFocus()
    QTest.keyClick(page.looks.theme, Qt.Key.Key_Down)
    assert wanted == [Preferences(dark=True)]
    QTest.keyClick(page.looks.theme, Qt.Key.Key_Up)
    assert wanted == [Preferences(dark=True), Preferences(dark=False)]


def test_the_scale_is_first_in_reach_and_goes_from_90_to_200(page: SettingsPage, wanted: list[Preferences]) -> None:
    scale = page.looks.scale
    assert scale.hasFocus()
    assert [scale.itemText(place) for place in (0, scale.count() - 1)] == ["۹۰٪", "۲۰۰٪"]
    QTest.keyClick(scale, Qt.Key.Key_Down)
    assert wanted == [Preferences(scale=110)]


def test_one_change_does_not_take_back_another(page: SettingsPage, wanted: list[Preferences]) -> None:
    QTest.keyClick(page.looks.theme, Qt.Key.Key_Down)
    QTest.keyClick(page.scanner.prefix, Qt.Key.Key_Down)
    page.looks.sounds.click()
    assert wanted[-1] == Preferences(dark=True, scanner_prefix="f13", sounds=False)


def test_a_sound_is_heard_on_trial_even_where_sounds_are_off(page: SettingsPage, session: Session) -> None:
    session.sounds.muted = True
    page.looks.tries[Sound.REFUSED].click()
    assert heard(session) == ["refused"]
    assert session.sounds.muted


def test_ports_are_shown_by_name_and_followed_by_their_usb_id(session: Session, qtbot: QtBot) -> None:
    card = scanner(session, qtbot)
    assert [card.port.itemText(place) for place in range(card.port.count())] == [
        "بدون درگاه",
        "\u2066/dev/ttyUSB0\u2069 — \u2068<b>CH340</b>\u2069",
        "\u2066COM1\u2069 — \u2068Communications Port\u2069",
    ]
    with qtbot.waitSignal(card.changed) as changed:
        QTest.keyClick(card.port, Qt.Key.Key_Down)
    assert changed.args == [Preferences(scanner_port="1a86:7523")]


def test_a_card_reader_has_a_port_of_its_own(session: Session, qtbot: QtBot) -> None:
    card = scanner(session, qtbot, port="COM1")
    with qtbot.waitSignal(card.changed) as changed:
        QTest.keyClick(card.card_port, Qt.Key.Key_Down)
    assert changed.args == [Preferences(scanner_port="COM1", card_port="1a86:7523")]


def test_a_port_chosen_for_one_reader_is_taken_from_the_other(session: Session, qtbot: QtBot) -> None:
    card = scanner(session, qtbot, port="1a86:7523")
    with qtbot.waitSignal(card.changed) as changed:
        QTest.keyClick(card.card_port, Qt.Key.Key_Down)
    assert changed.args == [Preferences(card_port="1a86:7523")]
    assert card.port.code() == ""
    with qtbot.waitSignal(card.changed) as changed:
        QTest.keyClick(card.port, Qt.Key.Key_Down)
    assert changed.args == [Preferences(scanner_port="1a86:7523")]


@pytest.mark.parametrize(("installed", "words"), [(True, PCSC_HELP), (False, PCSC_MISSING)])
def test_contactless_readers_are_switched_on_where_their_package_is(
    session: Session, qtbot: QtBot, installed: bool, words: str
) -> None:
    card = ScannerCard(Preferences(), session.jobs, lambda: (), lambda _: None, lambda: installed)
    qtbot.addWidget(card)
    card.show()
    seen: list[Preferences] = []
    card.changed.connect(seen.append)
    card.pcsc.click()
    assert seen == ([Preferences(card_pcsc=True)] if installed else [])
    assert words in [label.text() for label in card.findChildren(QLabel)]


def test_a_port_that_is_unplugged_stays_chosen(session: Session, qtbot: QtBot) -> None:
    card = scanner(session, qtbot, port="COM7")
    assert card.port.code() == "COM7"
    assert card.port.currentText() == "\u2066COM7\u2069 — وصل نیست"


def test_a_port_that_opens_says_so(session: Session, qtbot: QtBot) -> None:
    card = scanner(session, qtbot)
    card.port.choose("COM1")
    assert "درگاه باز شد" in try_it(card, session, qtbot)


def test_a_port_that_does_not_open_says_why_and_what_to_do(session: Session, qtbot: QtBot) -> None:
    card = scanner(session, qtbot, trouble="P-3101")
    card.port.choose("COM1")
    told = try_it(card, session, qtbot)
    assert "درگاه COM1 باز نشد" in told
    assert "کد خطا: \u2066P-3101\u2069" in told
    assert "کار با صفحه‌کلید ادامه دارد" in told


def test_the_port_in_use_is_tried_by_scanning(session: Session, qtbot: QtBot) -> None:
    card = scanner(session, qtbot, port="COM1", trouble="P-3102")
    assert "هم‌اکنون در کار است" in try_it(card, session, qtbot)


def test_without_a_port_the_keyboard_scanner_is_tried(session: Session, qtbot: QtBot) -> None:
    assert "درگاهی برگزیده نشده است" in try_it(scanner(session, qtbot), session, qtbot)


def test_a_scan_on_this_page_is_only_shown(page: SettingsPage) -> None:
    scan(page, "RAF-000012")
    assert "خوانده شد: \u2066RAF-000012\u2069" in words(page.scanner)
    page.on_scan(Unreadable("\x02<b>", Flaw.CONTROL_CHARACTER))
    assert "نویسهٔ پنهان" in words(page.scanner)
    assert "<b>" not in words(page.scanner)


def test_every_source_and_flaw_of_a_scan_has_words(page: SettingsPage) -> None:
    for source in Source:
        page.on_scan(Scan("1234", source, "1234"))
        assert SOURCES[source] in words(page.scanner)
    for flaw in Flaw:
        page.on_scan(Unreadable("", flaw))
        assert FLAWS[flaw] in words(page.scanner)


def test_who_sits_at_the_desk_is_shown_and_a_key_asks_for_another(
    page: SettingsPage, session: Session, qtbot: QtBot
) -> None:
    assert page.person.text() == "\u2068زهرا کریمی\u2069 — مسئول کتابخانه"
    session.person = Person(uuid.uuid4(), "<i>علی</i> صفایی", Role.LIBRARIAN)
    session.refresh.tell("staff")
    assert page.person.text() == "\u2068<i>علی</i> صفایی\u2069 — کتابدار"
    with qtbot.waitSignal(page.switch_wanted):
        page.switch.click()


def test_the_time_after_which_an_idle_desk_is_locked_is_chosen(page: SettingsPage, wanted: list[Preferences]) -> None:
    page.idle.choose("5")
    page.idle.activated.emit(page.idle.currentIndex())
    assert wanted == [Preferences(lock_minutes=5)]


def test_a_sound_library_is_told_rule_by_rule(page: SettingsPage, session: Session, qtbot: QtBot) -> None:
    lib.lend(session.library, lib.add_member(session.library), lib.add_copy(session.library))
    QTest.keyClick(page, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert not page.health.button.isEnabled()
    qtbot.waitUntil(page.health.button.isEnabled, timeout=WAIT_MS)
    told = words(page.health)
    assert "بررسی درست بود" in told
    assert all(rule in told for rule in RULES.values())


def test_a_broken_summary_is_told_with_its_accession_number(page: SettingsPage, session: Session, qtbot: QtBot) -> None:
    copy = lib.add_copy(session.library)
    lib.change(session.library, Item, copy.id, loan_count=7)
    page.health.start()
    qtbot.waitUntil(page.health.button.isEnabled, timeout=WAIT_MS)
    told = words(page.health)
    assert "ناهمخوانی پیدا شد" in told
    assert f"شمار و تاریخ امانت‌ها با دفتر امانت می‌خواند: شماره ثبت {'۰۱۲۳۴۵۶۷۸۹'[copy.accession_no]}" in told
    assert "پشتیبانی" in told


def test_every_rule_of_the_store_has_words(session: Session) -> None:
    assert {*INVARIANTS, "file"} <= RULES.keys()
    assert set(check_library(session.library).checked) <= RULES.keys()


@pytest.mark.parametrize(
    ("where", "words_of_it"),
    [
        ("accession 12 twice", "شماره ثبت ۱۲ دو بار داده شده است"),
        ("entry 44 is missing", "رویداد ۴۴ نیست"),
        ("entry 44 names others than it was written with", "نام‌های رویداد ۴۴ همان نیست که نوشته شده بود"),
        ("entry 44 does not follow from the one before", "رویداد ۴۴ دنبالهٔ رویداد پیشین نیست"),
        ("the series stands at 5, below 9", "شمارنده روی ۵ است و از ۹ پایین‌تر است"),
        ("1405/3 is missing", "صورتجلسهٔ ۳ سال ۱۴۰۵ نیست"),
        ("receipt 8 is missing", "رسید ۸ نیست"),
        ("what nobody foresaw", "\u2066what nobody foresaw\u2069"),
    ],
)
def test_places_are_told_in_persian(where: str, words_of_it: str) -> None:
    assert broken_words(Broken("ledger", where)) == f"دفتر حساب‌ها تراز است: {words_of_it}"


def test_a_long_list_of_faults_is_cut_and_counted(page: SettingsPage) -> None:
    broken = tuple(Broken("summaries", f"accession {number}") for number in range(40))
    page.health.show_report(Report(("summaries",), broken))
    assert "۴۰ ناهمخوانی پیدا شد" in words(page.health)
    assert "و ۲۸ جای دیگر" in words(page.health)


def test_the_rules_in_force_stand_with_version_state_and_source(page: SettingsPage, session: Session) -> None:
    assert page.library.status.text() == "پیش‌نویس"
    policy = dict(page.library.policy.facts())
    assert policy["نسخه"] == "۱، از ۳۰ آبان ۱۴۰۵"
    assert policy["منبع"] == "\u2068اطلاعیه‌های سامانه کتابخانه‌های عمومی (سامان)\u2069"
    library = dict(page.library.branch.facts.facts())
    assert library["جای"] == "\u2068مرکزی\u2069، \u2068اراک\u2069، \u2068آبگرم\u2069"
    assert (library["گونه"], library["درجه"]) == ("نهادی", "۴")
    lib.put_policy(session.library, {"values": {"loan_days": 7}})
    page.on_shown()
    assert page.library.status.text() == "ابلاغ‌شده"


def test_the_licences_are_shown_on_request(page: SettingsPage) -> None:
    assert "پیشخان ۰.۱.۰" in words(page.about)
    assert not page.about.texts.isVisible()
    page.about.button.click()
    assert page.about.texts.isVisible()
    assert "SIL OPEN FONT LICENSE" in page.about.texts.toPlainText()
    assert "MIT License" in page.about.texts.toPlainText()
    page.about.button.click()
    assert not page.about.texts.isVisible()


def test_the_facts_of_the_library_are_changed_in_their_place_and_hold_at_once(
    page: SettingsPage, session: Session, qtbot: QtBot
) -> None:
    card = page.library.branch
    QTest.keyClick(page.looks.scale, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert card.is_open()
    assert card.form.values()["city"] == "آبگرم"
    card.form.input("city").set_value("ساوه")
    card.form.input("space_shortage").set_value(True)
    with qtbot.waitSignal(session.refresh.changed) as told:
        QTest.keyClick(card.form.input("name"), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert told.args == [frozenset({"rules"})]
    assert not card.is_open()
    assert (session.library.branch.city, session.library.branch.space_shortage) == ("ساوه", True)
    assert dict(card.facts.facts())["کمبود فضا"] == "ثبت شده است"


def test_a_library_without_a_name_is_told_under_the_field_and_esc_gives_up(
    page: SettingsPage, session: Session
) -> None:
    card = page.library.branch
    card.begin()
    card.form.input("name").set_value("")
    card.save_form()
    assert set(card.form.mistakes()) == {"name"}
    page.on_escape()
    assert not card.is_open()
    assert session.library.branch.name == "کتابخانه عمومی شهید بهشتی"


def test_who_may_not_change_the_library_is_told_so(page: SettingsPage, session: Session) -> None:
    session.person = Person(session.person.id, "نرگس", Role.LIBRARIAN)
    card = page.library.branch
    card.begin()
    card.form.input("city").set_value("ساوه")
    card.save_form()
    assert card.is_open()
    assert not card.banner.isHidden()
    assert session.library.branch.city == "آبگرم"


def test_the_guideline_is_shown_with_its_status(page: SettingsPage) -> None:
    card = page.library.guideline
    assert card.status.text() == "پیش‌نویس"
    assert "فعلاً قابل استناد نیست" in card.said.text()
    shown = dict(card.facts.facts())
    assert (shown["بی‌استفاده"], shown["منبع"]) == ("پس از ۵ سال", isolate("۰۰۲"))
    assert shown["نسخه‌ها"] == "۲ نسخهٔ نخست می‌ماند؛ هر ۶ امانت در ۲ سال یک نسخه"
    assert shown["مهلت پاسخ"] == "شهرستان ۷، اصلاح ۷ و استان ۱۰ روز"


def test_other_figures_become_a_version_of_the_library_with_the_keyboard(page: SettingsPage, session: Session) -> None:
    card = page.library.guideline
    heard_of: list[frozenset[str]] = []
    session.refresh.changed.connect(heard_of.append)
    QTest.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert card.is_open()
    assert card.form.values()["province_days"] == 10
    card.form.input("idle_years").set_value(7)
    card.form.input("source").set_value("بخشنامهٔ ۱۴۰۵")
    QTest.keyClick(card.form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert not card.is_open()
    held = session.library.guideline
    assert (held.version, held.thresholds.idle_years, held.source) == (2, 7, "بخشنامهٔ ۱۴۰۵")
    assert card.status.text() == "ابلاغ‌شده"
    assert dict(card.facts.facts())["بی‌استفاده"] == "پس از ۷ سال"
    assert "نسخهٔ ۲" in words(card.banner)
    assert len(heard_of) == 1


def test_a_figure_against_the_guideline_is_marked_in_its_place(page: SettingsPage, session: Session) -> None:
    card = page.library.guideline
    card.begin()
    card.form.input("copies_kept").set_value(1)
    card.save_form()
    assert card.is_open()
    assert "نسخهٔ اول و دوم مازاد نیست" in words(card.form)
    assert session.library.guideline.version == 1
    page.on_escape()
    assert not card.is_open()


def test_unchanged_figures_make_no_version(page: SettingsPage, session: Session) -> None:
    card = page.library.guideline
    card.begin()
    card.save_form()
    assert "چیزی تغییر نکرده است" in words(card.banner)
    assert session.library.guideline.version == 1


def test_who_may_not_change_the_rules_is_told_why(page: SettingsPage, session: Session) -> None:
    with session.library.store.write() as tx:
        assistant = tx.insert(Staff, name="دستیار", role=Role.ASSISTANT)
        tx.record("staff.added", session.act())
    session.person = Person(assistant, "دستیار", Role.ASSISTANT)
    card = page.library.guideline
    card.begin()
    card.form.input("idle_years").set_value(7)
    card.save_form()
    assert card.is_open()
    assert not card.banner.isHidden()
    assert session.library.guideline.version == 1
