"""Reminders of the demo that went out, and calls about late books."""

from app.demo.people import STAR
from app.demo.story import Story
from app.notices.batches import mark_notices, messages_due
from app.notices.calls import CallNote, call_list, record_call
from db.codes import CallResult, NoticeChannel, NoticeState

WRITTEN = (NoticeChannel.SMS, NoticeChannel.PRINT)
FAILED = 9
"""Of so many messages one does not arrive."""
RESULTS = (
    CallResult.NO_ANSWER, CallResult.PROMISED, CallResult.MESSAGE_LEFT, CallResult.SAYS_RETURNED, CallResult.PROMISED,
    CallResult.WRONG_NUMBER, CallResult.NO_ANSWER, CallResult.SAYS_LOST,
)  # fmt: skip
SAID = {
    CallResult.PROMISED: "شنبه می‌آورد",
    CallResult.MESSAGE_LEFT: "به همسرش گفته شد",
    CallResult.SAYS_RETURNED: "می‌گوید هفتهٔ پیش آورده است",
    CallResult.SAYS_LOST: "دنبالش می‌گردد",
}


def send(story: Story) -> None:
    """Yesterday's messages and letters have gone out."""
    with story.library.store.read() as store:
        messages = messages_due(story.library, store, story.day, channels=WRITTEN)
    sent = sorted(messages, key=lambda one: (str(one.first.member_no), one.first.kind))
    failed = [sent.pop() for _ in sent[FAILED - 1 :: FAILED]]
    for told, state, result in ((sent, NoticeState.SENT, ""), (failed, NoticeState.FAILED, "به مقصد نرسید")):
        ids = [notice for message in told for notice in message.ids]
        if ids:
            mark_notices(story.library, ids, state, story.act(), result)


def call(story: Story) -> None:
    """The first three of the list are called; each day something else comes of it."""
    with story.library.store.read() as store:
        late = [one for one in call_list(story.library, store, story.day) if one.is_due(story.day)]
    star = story.cast[STAR].demo.form if STAR in story.cast else None
    for one in [one for one in late if star is None or one.name != f"{star.given_name} {star.family_name}"][:3]:
        result = RESULTS[len(story.calls) % len(RESULTS)]
        number = one.telephones[0].value if one.telephones else None
        if number is not None or result is not CallResult.WRONG_NUMBER:
            record_call(story.library, CallNote(one.member_no, result, number, note=SAID.get(result)), story.act())
            story.calls.append(one.member_no)
