"""Light or dark, how big, and whether there are sounds."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.persian.digits import PERCENT, number
from ui.preferences import SCALES, Preferences
from ui.settings.lines import card, setting
from ui.sounds import Sound, Sounds
from ui.widgets.buttons import Button
from ui.widgets.inputs import Choice, Tick
from ui.widgets.layouts import column

LIGHT, DARK = "light", "dark"
THEMES = ((LIGHT, "روشن"), (DARK, "تیره"))
HEARD = (
    (Sound.CHECKED_OUT, "امانت"),
    (Sound.CHECKED_IN, "بازگشت"),
    (Sound.REFUSED, "رد شدن"),
    (Sound.ATTENTION, "پرسش"),
)


class LooksCard(QWidget):
    """`changed` carries the preferences as the person wants them now."""

    changed = Signal(object)

    def __init__(self, preferences: Preferences, sounds: Sounds) -> None:
        super().__init__()
        self._preferences, self._sounds = preferences, sounds
        self.theme = Choice(THEMES)
        self.scale = Choice(tuple((str(scale), f"{number(scale)}{PERCENT}") for scale in SCALES))
        self.sounds = Tick("صدا پس از هر اسکن")
        self.tries = {sound: Button(words) for sound, words in HEARD}
        looks = card(
            "نما",
            setting("رنگ", self.theme),
            setting("اندازهٔ نوشته‌ها", self.scale, help_text="صفحه از نو چیده می‌شود؛ چیزی از کار شما پاک نمی‌شود."),
        )
        heard = card("صدا", setting("", self.sounds), setting("بشنوید", *self.tries.values()))
        self.setLayout(column(looks, heard, gap=14))
        self.show_preferences(preferences)
        self.theme.activated.connect(self._choose)
        self.scale.activated.connect(self._choose)
        self.sounds.clicked.connect(self._choose)
        for sound, button in self.tries.items():
            button.clicked.connect(lambda _=False, sound=sound: self._play(sound))

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what is in force."""
        self._preferences = preferences
        self.theme.choose(DARK if preferences.dark else LIGHT)
        self.scale.choose(str(preferences.scale))
        self.sounds.setChecked(preferences.sounds)

    @Slot()
    def _choose(self) -> None:
        wanted = replace(
            self._preferences,
            dark=self.theme.code() == DARK,
            scale=int(self.scale.code() or self._preferences.scale),
            sounds=self.sounds.isChecked(),
        )
        if wanted != self._preferences:
            self._preferences = wanted
            self.changed.emit(wanted)

    def _play(self, sound: Sound) -> None:
        """A sound is tried even where sounds are off: that is how one decides."""
        muted, self._sounds.muted = self._sounds.muted, False
        self._sounds.play(sound)
        self._sounds.muted = muted
