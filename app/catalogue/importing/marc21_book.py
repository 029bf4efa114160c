"""What a MARC21 record says of a book."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.catalogue.call_number import normalise_class, parse_class
from app.catalogue.importing.findings import Concern, Notes, Reason
from app.catalogue.importing.isbd import bare, title_and_parallel, without_brackets
from app.catalogue.importing.marc21_copies import copies_of
from app.catalogue.importing.marc21_material import material_of
from app.catalogue.importing.marc21_people import People, people_of
from app.catalogue.importing.marc_fields import MarcField
from app.catalogue.importing.numbers import trusted_isbn
from app.catalogue.importing.prices import price_of
from app.catalogue.importing.record import BookRecord, Calendar, CopyFacts
from app.catalogue.importing.statuses import StatusWish, noted
from app.catalogue.importing.texts import language_of, said, tidy
from app.catalogue.importing.words import LANGUAGES
from app.catalogue.importing.years import GREGORIAN_FROM, Year, year_of
from app.persian.text import fold

_SUBJECTS = ("600", "610", "611", "630", "650", "651", "653")
_SUBDIVISIONS = "vxyz"
_NOTES = ("500", "501", "502", "504", "508", "511", "534", "546", "586")
_CLASSES = ("082", "092", "090")  # 090 is a local number; in Iran it may be a Dewey one
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})
_LANGUAGE_CODE = re.compile("[a-z]{3}")
_PRINTING = re.compile("چاپ|chap")
_STATEMENTS = re.compile("[؛;،,]")


class Marc21Book:
    """Reads the book out of a record's fields (`paired` before); what is doubtful in it goes to `notes`."""

    def __init__(self, leader: str, fields: Sequence[MarcField], notes: Notes) -> None:
        self._leader = leader
        self._fields = fields
        self._notes = notes
        self._by_tag = defaultdict[str, list[MarcField]](list)
        for field in fields:
            self._by_tag[field.tag].append(field)
        self._coded = "".join(field.data for field in self._tagged("008")[:1])

    def title(self) -> str | None:
        """The title with number and name of its part, without what follows «=»."""
        parts = [title_and_parallel(text)[0] for text in self._texts("anp", "245")]
        return "، ".join(part for part in parts if part) or None

    def copies(self, wish: StatusWish) -> tuple[CopyFacts, ...] | Reason:
        """The copies it names with their statuses, or why these cannot be read."""
        copies = copies_of(self._fields, wish)
        if not isinstance(copies, Reason):
            noted(copies, self._notes)
        return copies

    def record(self, title: str, number: int, data: bytes, copies: tuple[CopyFacts, ...]) -> BookRecord:
        """The book of record `number`, whose bytes are `data`."""
        if len(self._tagged("245")) > 1:
            self._notes.warn(Concern.FIELD_REPEATED, "245")
        people = people_of(self._fields)
        isbn_raw, isbn = self._isbn()
        year = self._year()
        dewey, author_mark = self._class()
        edition, printing = self._edition()
        return BookRecord(
            title=title,
            source_line=number,
            subtitle=self._subtitle(),
            statement=self._first("c", "245"),
            creators=people.creators,
            publisher=self._imprint("b"),
            place=self._imprint("a"),
            year=year.number if year else None,
            calendar=year.calendar if year else None,
            edition=edition,
            printing=printing,
            isbn=isbn,
            isbn_raw=isbn_raw,
            dewey=dewey,
            author_mark=author_mark,
            language=self._language(),
            material=material_of(self._leader, self._coded, self._fields),
            subjects=tuple(dict.fromkeys(self._subjects())),
            pages=self._first("a", "300"),
            size=self._first("c", "300"),
            series=self._joined("av", "490") or self._joined("av", "830"),
            nbn=self._first("a", "015") or self._first("a", "016"),
            price=self._price(),
            age_group=self._first("a", "521"),
            abstract=self._first("a", "520"),
            note=self._all("a", *_NOTES),
            copies=copies,
            marc=data,
            extras=self._extras(people),
        )

    def _tagged(self, *tags: str) -> list[MarcField]:
        return [field for tag in tags for field in self._by_tag.get(tag, ())]

    def _best(self, *tags: str) -> MarcField | None:
        """The first field of these tags in Arabic script, else the first."""
        fields = self._tagged(*tags)
        return next((field for field in fields if field.is_persian), fields[0] if fields else None)

    def _texts(self, codes: str, *tags: str) -> list[str]:
        """The values of these subfields in the best field, or in its parallel if it has none."""
        field = self._best(*tags)
        return self._values(field, codes) or self._values(field and field.parallel, codes)

    def _values(self, field: MarcField | None, codes: str) -> list[str]:
        values = field.all(codes) if field else []
        return [text for value in values if (text := tidy(value, field.tag if field else "", self._notes))]

    def _first(self, codes: str, *tags: str) -> str | None:
        return next(
            (text for value in self._texts(codes, *tags) if (text := said(bare(value), tags[0], self._notes))), None
        )

    def _joined(self, codes: str, *tags: str) -> str | None:
        return "؛ ".join(text for value in self._texts(codes, *tags) if (text := bare(value))) or None

    def _all(self, codes: str, *tags: str) -> str | None:
        """The values of these subfields in all fields of these tags, as one text."""
        values = (value for field in self._tagged(*tags) for value in self._values(field, codes))
        return tidy("؛ ".join(dict.fromkeys(map(bare, values))), tags[0], self._notes)

    def _subtitle(self) -> str | None:
        """245 $b, unless it is the title in another language."""
        title = "".join(self._texts("a", "245"))
        if title.rstrip(" :/").endswith("="):
            return None
        return next((text for value in self._texts("b", "245") if (text := title_and_parallel(value)[0])), None)

    def _imprint(self, code: str) -> str | None:
        texts = self._imprint_texts(code)
        return next((text for value in texts if (text := said(without_brackets(value), "264", self._notes))), None)

    def _imprint_texts(self, code: str) -> list[str]:
        """A subfield of the fields of publication (260, 264 #1, then other 264), those in Arabic script first."""
        fields = sorted(self._tagged("264", "260"), key=lambda field: (_is_no_publication(field), not field.is_persian))
        sides = [side for field in fields for side in (field, field.parallel)]
        return [text for side in sides for text in self._values(side, code)]

    def _year(self) -> Year | None:
        """The year of publication as printed, else the one of field 008, which is Gregorian."""
        coded = self._coded[7:11]
        gregorian = int(coded) if coded.isdecimal() and coded.isascii() and int(coded) >= GREGORIAN_FROM else None
        texts = self._imprint_texts("c")
        found = next((year for text in texts if (year := year_of(text, gregorian))), None)
        if found is None and gregorian and gregorian <= 2100:
            return Year(gregorian, Calendar.GREGORIAN)
        if found is None and texts and said(texts[0], "264", self._notes):
            self._notes.warn(Concern.YEAR_UNCLEAR, "264", texts[0])
        return found

    def _edition(self) -> tuple[str | None, str | None]:
        """(edition, printing): «ویراست ۲» is an edition, «چاپ سوم» is not."""
        whole = self._first("a", "250")
        parts = [part for text in _STATEMENTS.split(whole or "") if (part := without_brackets(text))]
        printings = [part for part in parts if _PRINTING.match(fold(part))]
        editions = [part for part in parts if part not in printings]
        return "، ".join(editions) or None, "، ".join(printings) or None

    def _isbn(self) -> tuple[str | None, str | None]:
        """(as it stands in the record, valid)."""
        fields = self._tagged("020")
        numbers = [text for field in fields for text in self._values(field, "a")]
        wrong = [text for field in fields for text in self._values(field, "z")]
        isbn, concern = trusted_isbn(numbers)
        if concern:
            self._notes.warn(concern, "020", numbers[0])
        return next(iter(numbers + wrong), None), isbn

    def _price(self) -> int | None:
        texts = [text for field in self._tagged("020") for text in self._values(field, "c")]
        price = price_of(texts[0] if texts else "")
        if price.concern:
            self._notes.warn(price.concern, "020", texts[0])
        return price.rials

    def _class(self) -> tuple[str | None, str | None]:
        """(Dewey class, author mark) of the first field that holds a sound class, else of 082."""
        for field in self._tagged(*_CLASSES):
            class_no = normalise_class(_without_prime(bare(field.first("a"))))
            if parse_class(class_no):
                return class_no, said(bare(field.first("b")), field.tag, self._notes)
        return self._first("a", "082"), self._first("b", "082")

    def _language(self) -> str | None:
        for code in (self._coded[35:38], (self._joined("a", "041") or "")[:3]):
            if _LANGUAGE_CODE.fullmatch(code) and code not in _NO_LANGUAGE:
                return LANGUAGES.get(code, code)
        return language_of(self._first("a", "546") or "")

    def _subjects(self) -> Iterator[str]:
        """Headings with their subdivisions, «ایران -- تاریخ»; uncontrolled words (653) one by one."""
        for field in self._tagged(*_SUBJECTS):
            words = [text for value in self._values(field, "abcdnpqt") if (text := bare(value))]
            below = [text for value in self._values(field, _SUBDIVISIONS) if (text := bare(value))]
            comma = "، " if field.is_persian else ", "
            yield from words if field.tag == "653" else filter(None, [" -- ".join([comma.join(words), *below])])

    def _extras(self, people: People) -> dict[str, str]:
        """What has no field of its own but is worth reading; the whole is in the bytes."""
        title = self._best("245")
        romanised = title.parallel if title and title.is_persian else None
        parallel = [title_and_parallel(text)[1] for text in self._texts("ab", "245")]
        named = {
            "title_romanised": " : ".join(bare(text) for text in self._values(romanised, "ab")),
            "title_parallel": next(filter(None, parallel), ""),
            "titles_other": self._all("a", "246", "740"),
            "creators_romanised": "؛ ".join(people.romanised),
            "contributors": "؛ ".join(people.others),
            "contents": self._all("a", "505"),
            "lcc": " ".join(self._texts("ab", "050")),
            "lccn": self._first("a", "010"),
            "url": self._first("u", "856"),
        }
        return {name: text for name, value in named.items() if (text := tidy(value or "", name, self._notes))}


def _is_no_publication(field: MarcField) -> bool:
    """264 also says who distributes (#2), who prints (#3) and the year of the copyright (#4)."""
    return field.tag == "264" and field.indicators[1] in "0234"


def _without_prime(class_no: str) -> str:
    """«955/.053» and «297.12/4»: in MARC21 a stroke beside a point shows where a number may be cut."""
    return class_no.replace("/", "") if "." in class_no else class_no
