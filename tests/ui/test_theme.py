import re

import pytest

from ui.style import style_sheet
from ui.theme import DARK, LIGHT, TEXT_ON, Look, Theme, Tone, contrast, mixed

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
RULE = re.compile(r"([^{}]+)\{([^}]*)\}")
COLOUR = re.compile(r"(?<![-\w])color:\s*(#\w{6})")
PAPER = re.compile(r"(?<![-\w])background:\s*(#\w{6})")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@THEMES
def test_every_text_can_be_read_on_every_paper_it_is_written_on(theme: Theme) -> None:
    colours = theme.roles()
    pairs = {(ink, paper): contrast(colours[ink], colours[paper]) for ink in TEXT_ON for paper in TEXT_ON[ink]}

    assert {pair: ratio for pair, ratio in pairs.items() if ratio < 4.5} == {}


@THEMES
def test_tinted_rows_can_be_read_and_dots_be_seen(theme: Theme) -> None:
    for tone in Tone:
        hue = theme.hue(tone)
        tinted = mixed(hue.paper, theme.card, 0.55)
        assert contrast(theme.ink, tinted) >= 4.5
        assert contrast(theme.muted, tinted) >= 4.5
        assert contrast(hue.ink, hue.paper) >= 4.5
        assert contrast(hue.dot, theme.card) >= 3


@THEMES
def test_the_style_sheet_writes_only_in_text_roles_and_readably(theme: Theme) -> None:
    inks = {theme.roles()[role] for role in TEXT_ON} | {theme.hue(tone).ink for tone in Tone} | {theme.card}
    for selector, body in RULE.findall(style_sheet(theme)):
        colour, paper = COLOUR.search(body), PAPER.search(body)
        if colour:
            assert colour[1] in inks, selector
        if colour and paper:
            assert contrast(colour[1], paper[1]) >= 4.5, selector


@THEMES
def test_both_themes_fill_every_role(theme: Theme) -> None:
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in theme.roles().values())
    assert LIGHT.roles().keys() == theme.roles().keys()


def test_sizes_follow_the_scale_but_hairlines_stay_hairlines() -> None:
    assert "border: 1px solid" in style_sheet(LIGHT, 200)
    assert "border-radius: 20px" in style_sheet(LIGHT, 200)
    assert "font-size: 27.00pt" in style_sheet(LIGHT, 200)
    assert Look(LIGHT, 150).px(10) == 15
    assert Look(LIGHT, 200).font(10.5).pointSizeF() == 21
    assert Look(LIGHT, 90).px(0) == 0
