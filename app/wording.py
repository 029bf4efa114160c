"""How refusals are said: what stands against it, with the numbers, and the way out. One table, no text in the rules."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.labels import ENTRY_KIND, FIELD, MATERIAL, WEEKDAY
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.persian.text import clean
from app.refusal import Note, Refusal


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence with blanks {limit}, {have}, {rule} and those of the refusal's own facts; and what can be done."""

    why: str
    way_out: str


REFUSALS: Mapping[str, Words] = {
    "member.expired": Words("عضویت در {expired_on} پایان یافته است.", "عضویت را تمدید کنید."),
    "member.restricted": Words("عضو {until_words} محروم است ({reason}).", "مسئول کتابخانه می‌تواند محرومیت را بردارد."),
    "member.card_lost": Words("این کارت مفقود اعلام شده است.", "هویت عضو را با کد ملی بررسی کنید و کارت تازه بدهید."),
    "member.address_unknown": Words("نشانی عضو نامعتبر است.", "نشانی و تلفن را بپرسید و ثبت کنید."),
    "member.cleared": Words("عضو تسویه‌حساب کرده است.", "برای امانت باید دوباره عضو شود."),
    "member.pending": Words("عضویت هنوز تأیید نشده است.", "مدارک عضو را کامل و عضویت را تأیید کنید."),
    "member.age": Words("عضو {have} ساله است و این منبع برای {limit} سال به بالاست.", "منبع دیگری پیشنهاد کنید."),
    "member.debt": Words("بدهی عضو {have} ریال است؛ سقف {limit} ریال است.", "بدهی را دریافت کنید."),
    "member.guarantor_debt": Words("ضامن و سرپرست عضو، یا کسانی که او ضامن آنان است، {have} ریال بدهکارند؛ سقف {limit} ریال است.", "بدهی آنان را دریافت کنید."),
    "member.age_group": Words("این کتاب برای گروه سنی «{group}» است و عضو در گروه «{member_group}» است.", "اگر باز هم می‌خواهد، تأیید کنید."),
    "member.alert": Words("یادداشت عضو: {text}.", "بخوانید و تأیید کنید."),
    "member.not_household": Words("{holder} سرپرست یا ضامن {name} نیست.", "کارت خود عضو را بگیرید یا پیوند خانواده را در پروندهٔ او ثبت کنید."),
    "member.overdues": Words("{have} کتاب با دیرکرد نزد عضو است.", "نخست کتاب‌های دیرکرددار را پس بگیرید یا تمدید کنید."),
    "member.national_id": Words("کد ملی «{value}» درست نیست.", "آن را بررسی کنید؛ برای اتباع دیگر، تأیید کنید."),
    "member.mobile": Words("«{value}» تلفن همراه معتبری نیست.", "شماره را بپرسید یا همین را تأیید کنید."),
    "member.card_taken": Words("کارت «{card}» از آنِ عضو دیگری است.", "کارت دیگری به عضو بدهید."),
    "member.card_is_barcode": Words("«{card}» برچسب یک نسخهٔ کتاب است، نه کارت.", "کارت عضو را روی دستگاه بگذارید."),
    "member.no_card": Words("این عضو کارت فعالی ندارد.", "کارت تازه‌ای به او بدهید."),
    "member.number_taken": Words("شمارهٔ عضویت «{member_no}» تکراری است.", "شماره را خالی بگذارید تا برنامه بدهد."),
    "member.duplicate": Words("با کد ملی {national_id} عضوی ثبت شده است.", "عضو را با کد ملی جستجو کنید."),
    "member.guarantor_required": Words("این عضویت ضامن می‌خواهد.", "کارت یا شمارهٔ عضویت ضامن را بنویسید."),
    "member.own_guarantor": Words("کسی ضامن یا سرپرست خودش نمی‌شود.", "شمارهٔ عضو دیگری را بنویسید."),
    "member.merged": Words("این عضو با عضو دیگری یکی شده است.", "با کارت او عضو درست را باز کنید."),
    "member.lost_loan": Words("کتابی نزد عضوی که برداشته می‌شود گم شده است.", "نخست بهای آن را دریافت کنید یا کتاب را پس بگیرید."),
    "photo.unreadable": Words("این فایل عکس خوانایی نیست؛ عکس پیشین ماند.", "عکسی با قالب JPG یا PNG و کمتر از ۲۰ مگابایت برگزینید."),
    "member.same": Words("هر دو شماره از آنِ یک عضو است.", "شمارهٔ عضو دیگر را بنویسید."),
    "member.overdue_history": Words("این عضو پیش‌تر کتابی را دیر برگردانده است و عضویتش با این شرط تمدید نمی‌شود.", "مسئول کتابخانه می‌تواند قاعده را تغییر دهد."),
    "member.guarantor_unknown": Words("ضامن «{guarantor}» پیدا نشد.", "کارت یا شمارهٔ عضویت ضامن را بررسی کنید."),
    "scan.day": Words("تاریخ این سطر ({scanned_on}) از امروز جلوتر یا بیش از {limit} روز پیش است.", "ساعت دستگاه را درست کنید و این کتاب‌ها را با دست ثبت کنید."),
    "koc.day_ahead": Words("تاریخ این سطر ({day}) هنوز نرسیده است.", "تاریخ رایانه‌ای را که فایل از آن است بررسی کنید."),
    "scan.no_member": Words("پیش از این کتاب، کارت عضوی خوانده نشده است.", "نخست کارت عضو و سپس کتاب‌های او را اسکن کنید."),
    "scan.on_loan": Words("این نسخه در امانت است و بازگشت آن ثبت نشده است.", "اگر برگشته است، بازگشت آن را ثبت کنید."),
    "import.two_members": Words("کد ملی و شمارهٔ عضویت این سطر از آنِ دو عضو است.", "شمارهٔ درست را در فایل بنویسید یا دو عضو را ادغام کنید."),
    "scan.ambiguous": Words("«{scanned}» هم کارت عضو است و هم برچسب کتاب.", "آن را با دست ثبت کنید و برچسب یا کارت را عوض کنید."),
    "limit.total": Words("{have} امانت نزد عضو است؛ سقف {limit} است.", "یک کتاب پس بگیرید."),
    "limit.item_type": Words("{have} امانت از این نوع نزد عضو است؛ سقف {limit} است.", "یکی از همین نوع پس بگیرید."),
    "limit.onsite": Words("{have} امانت در محل نزد عضو است؛ سقف {limit} است.", "یکی را پس بگیرید."),
    "limit.national_id": Words("برای این کد ملی {have} امانت ثبت است؛ سقف {limit} است.", "یک کتاب پس بگیرید."),
    "limit.no_rule": Words("برای این نوع عضو و کتاب مدت امانتی تعیین نشده است.", "قواعد امانت را کامل کنید."),
    "item.on_loan": Words("این نسخه نزد عضو دیگری است (بازگشت: {due_on}).", "اگر کتاب در دست شماست، تأیید کنید تا از او پس گرفته و امانت داده شود."),
    "item.claimed_returned": Words("عضوی که این نسخه نزد اوست گفته است آن را در {claimed_on} برگردانده است.", "اگر کتاب در دست شماست، تأیید کنید؛ وگرنه نتیجهٔ جستجو را ثبت کنید."),
    "item.on_loan_same_member": Words("این کتاب هم‌اکنون نزد همین عضو است (بازگشت: {due_on}).", "اگر تمدید می‌خواهد، تأیید کنید."),
    "item.parts": Words("این نسخه پیوست دارد ({parts}).", "پیوست‌ها را بشمارید و تأیید کنید."),
    "item.onsite_only": Words("این نسخه تنها در محل امانت داده می‌شود.", "برای امانت شبانه دلیل بنویسید؛ تا روز کاری بعد برمی‌گردد."),
    "item.alert": Words("یادداشت نسخه: {text}.", "بخوانید و تأیید کنید."),
    "item.not_for_loan": Words("این نسخه از کتابخانه بیرون برده نمی‌شود.", "اگر قواعد اجازه می‌دهد، برای استفاده در محل امانت دهید."),
    "item.withdrawn": Words("این نسخه وجین یا خارج شده است.", "اگر در مخزن است، وضعیت آن را اصلاح کنید (م ۸-۴)."),
    "item.lost": Words("این نسخه گم‌شده ثبت شده است.", "اگر در دست شماست، پیدا شدن آن را تأیید کنید."),
    "item.missing": Words("این نسخه مفقود یا نامعلوم ثبت شده است.", "اگر در دست شماست، پیدا شدن آن را تأیید کنید یا نخست بازگشت بزنید."),
    "item.in_binding": Words("این نسخه در حال صحافی است.", "اگر از صحافی برگشته است، بازگشت بزنید و تأیید کنید."),
    "item.in_transit": Words("این نسخه در راه است.", "نخست رسیدن آن را ثبت کنید."),
    "item.uncatalogued": Words("این نسخه هنوز آماده‌سازی نشده است.", "آماده‌سازی نسخه را کامل کنید."),
    "item.on_weeding_minutes": Words("این نسخه در صورتجلسهٔ وجین است و تا پاسخ استعلام از کتابخانه بیرون نمی‌رود (م ۷-۴).", "آن را از صورتجلسه بردارید یا تنها در محل امانت دهید."),
    "item.status_by_hand": Words("وضعیت این نسخه دستی از «{was}» به «{became}» نمی‌رود.", "از راه خودش بروید: امانت و بازگشت، گم شدن، یا صورتجلسهٔ وجین."),
    "item.accession_taken": Words("شمارهٔ ثبت {number} پیش‌تر داده شده است و دوباره داده نمی‌شود.", "شماره را خالی بگذارید."),
    "item.barcode_taken": Words("بارکد «{barcode}» روی نسخهٔ دیگری است.", "برچسب دیگری بزنید."),
    "hold.waiting_for_other": Words("این نسخه برای عضو دیگری کنار گذاشته شده است.", "آن را به قفسهٔ رزرو برگردانید."),
    "hold.queued_for_other": Words("{have} عضو دیگر زودتر در صف این عنوان بوده است.", "نسخه را برای نفر نخست نگه دارید یا تأیید کنید."),
    "hold.limit": Words("{have} رزرو به نام عضو است؛ سقف {limit} است.", "یکی از رزروهای عضو را لغو کنید."),
    "hold.per_title": Words("{have} رزرو از همین عنوان به نام عضو است؛ سقف {limit} است.", "همان رزرو را نگه دارید یا لغو کنید."),
    "hold.per_day": Words("عضو امروز {have} رزرو ثبت کرده است؛ سقف روزانه {limit} است.", "روز کاری دیگری رزرو کنید."),
    "hold.own_loan": Words("همین عنوان در امانت عضو است.", "امانت او را تمدید کنید."),
    "hold.already_on_item": Words("همین نسخه پیش‌تر به نام این عضو رزرو شده است.", "جای او را در صف نشان دهید."),
    "hold.damaged": Words("این نسخه آسیب‌دیده است و رزرو نمی‌شود.", "نسخهٔ دیگری را رزرو کنید یا عنوان را رزرو کنید."),
    "hold.on_shelf": Words("این کتاب در قفسه موجود است ({have} نسخهٔ آزاد).", "کتاب را از قفسه بردارید و امانت دهید."),
    "hold.no_copy": Words("هیچ نسخه‌ای از این عنوان ثبت نیست که به نوبت برسد.", "نسخه را ثبت کنید یا عنوان دیگری برگزینید."),
    "hold.until_past": Words("تاریخ {until} گذشته است.", "تاریخی از فردا به بعد بنویسید یا خالی بگذارید."),
    "hold.ended": Words("این رزرو پیش‌تر پایان یافته است.", "اگر عضو باز می‌خواهد، رزرو تازه‌ای ثبت کنید."),
    "hold.not_in_line": Words("کتاب این رزرو در قفسهٔ رزرو آماده است و در صف نیست.", "تنها رزروهای در صف جابه‌جا می‌شوند."),
    "renewal.too_many": Words("این امانت {have} بار تمدید شده است؛ سقف {limit} است.", "کتاب را پس بگیرید."),
    "renewal.too_soon": Words("{have} روز تا بازگشت مانده است؛ از {limit} روز مانده تمدید می‌شود.", "از {soonest} به بعد تمدید کنید."),
    "renewal.on_hold": Words("عضو دیگری در صف این عنوان است.", "کتاب باید در سررسید برگردد."),
    "renewal.overdue": Words("سررسید گذشته است.", "کتاب را پس بگیرید."),
    "renewal.not_extended": Words("تمدید، تاریخ بازگشت ({due_on}) را جلوتر نمی‌برد.", "بعداً تمدید کنید."),
    "renewal.unseen_limit": Words("{have} بار غیرحضوری تمدید شده است؛ سقف {limit} است.", "از عضو بخواهید کتاب را به کتابخانه بیاورد."),
    "renewal.restricted": Words("عضو {until_words} محروم است ({reason}).", "کتاب را پس بگیرید."),
    "renewal.onsite": Words("امانت در محل تمدید نمی‌شود.", "کتاب را پس بگیرید و اگر باز می‌خواهد، دوباره امانت دهید."),
    "renewal.not_allowed": Words("این نسخه تمدید نمی‌شود.", "کتاب را پس بگیرید."),
    "due.invalid": Words("تاریخ بازگشت {due_on} پذیرفتنی نیست.", "تاریخی از امروز به بعد و در محدودهٔ قواعد بنویسید."),
    "title.second_copy": Words("نسخهٔ دیگری از همین عنوان نزد عضو است.", "اگر این را هم می‌خواهد، تأیید کنید."),
    "title.read_before": Words("عضو این عنوان را پیش‌تر به امانت برده است.", "اگر باز هم می‌خواهد، تأیید کنید."),
    "item.not_lost": Words("این نسخه گم‌شده ثبت نشده است.", "اگر در دست شماست، بازگشت بزنید."),
    "item.lost_already": Words("این نسخه از {on} گم‌شده ثبت است.", "اگر پیدا شده است، «پیدا شد» را بزنید."),
    "item.not_on_loan": Words("این نسخه نزد این عضو نیست.", "برچسب یا عضو را بررسی کنید."),
    "item.was_replaced": Words("به جای این نسخه کتاب دیگری تحویل گرفته شده است.", "اگر می‌خواهید به عنوان نسخهٔ اضافه برگردد، تأیید کنید؛ پولی برگردانده نمی‌شود."),
    "price.unknown": Words("بهای این نسخه ثبت نشده و بهای پیش‌فرضی هم در قواعد نیست.", "بهای کتاب را به ریال بنویسید؛ اگر چیزی نمی‌گیرید، صفر بنویسید."),
    "charge.nobody": Words("این نسخه نزد کسی نبوده است تا هزینه به نام او نوشته شود.", "مبلغ را پاک کنید."),
    "replacement.not_allowed": Words("قواعد این کتابخانه تحویل همان کتاب را به جای پول نمی‌پذیرد.", "بهای کتاب را دریافت کنید."),
    "replacement.no_loss": Words("برای این نسخه بدهی یا امانت بازی نیست که با تحویل کتاب تسویه شود.", "کتاب تازه را در فهرست ثبت کنید."),
    "replacement.paid": Words("بهای این نسخه پیش‌تر پرداخت شده است.", "اگر کتاب تازه را می‌پذیرید، آن را اهدایی ثبت کنید."),
    "replacement.not_free": Words("نسخهٔ «{barcode}» در قفسه نیست یا به جای نسخهٔ دیگری آمده است.", "نسخهٔ دیگری بدهید یا کتاب را همین‌جا تازه ثبت کنید."),
    "replacement.other_title": Words("کتاب تحویل‌شده عنوان دیگری است («{title}»).", "عضو باید عین کتاب را بیاورد؛ اگر این را هم می‌پذیرید، تأیید کنید."),
    "claim.none": Words("دربارهٔ این نسخه کسی نگفته است که برگردانده است.", "نخست ادعای بازگشت را ثبت کنید."),
    "restriction.head_only": Words("محرومیت انضباطی در اختیار مسئول کتابخانه است.", "از مسئول کتابخانه بخواهید."),
    "incident.not_open": Words("این رویداد پیش‌تر ارجاع یا بسته شده است.", "رویداد تازه‌ای ثبت کنید."),
    "clearance.open_loans": Words("{have} کتاب در امانت عضو است.", "کتاب‌ها را پس بگیرید."),
    "clearance.lost": Words("{have} کتاب گم‌شدهٔ عضو هنوز تسویه نشده است.", "بهای آن را دریافت کنید یا همان کتاب را تحویل بگیرید."),
    "clearance.debt": Words("عضو {have} ریال بدهی دارد.", "بدهی را دریافت کنید یا ببخشایید."),
    "clearance.missing_parts": Words("پیوست {have} امانت برنگشته است.", "پیوست‌ها را پس بگیرید یا هزینهٔ آن را بنویسید."),
    "clearance.hold_on_shelf": Words("{have} کتاب رزروشده برای عضو در قفسهٔ رزرو است.", "رزرو را لغو کنید و کتاب را به قفسه برگردانید."),
    "clearance.guarantor_loans": Words("{have} امانت نزد کسانی است که عضو ضامن آنان است.", "ضامن دیگری بگیرید یا کتاب‌ها را پس بگیرید."),
    "clearance.guarantor_debt": Words("کسانی که عضو ضامن آنان است {have} ریال بدهی دارند.", "بدهی را دریافت کنید یا ضامن دیگری بگیرید."),
    "clearance.credit": Words("کتابخانه {have} ریال به عضو بدهکار است.", "نخست بازپرداخت کنید؛ اگر عضو آن را نمی‌خواهد، تأیید کنید."),
    "clearance.merged": Words("این عضویت در عضویت دیگری ادغام شده است.", "عضویت اصلی را تسویه کنید."),
    "clock.doubtful": Words("تاریخ رایانه ({today}) درست به نظر نمی‌رسد.", "نخست تاریخ امروز را تأیید کنید."),
    "role.not_allowed": Words("این کار در اختیار کاربر کنونی نیست.", "از مسئول کتابخانه بخواهید."),
    "reason.required": Words("برای این کار باید دلیل نوشته شود.", "دلیل را بنویسید."),
    "money.amount": Words("مبلغ {have} ریال پذیرفتنی نیست.", "مبلغی از یک تا {limit} ریال بنویسید."),
    "payment.above_debt": Words("بدهی باز {limit} ریال است و مبلغ {have} ریال از آن بیشتر است.", "تنها تا اندازهٔ بدهی دریافت کنید."),
    "payment.method": Words("این عضو با این راه پرداخت نمی‌کند.", "یکی از راه‌های پرداخت همین نوع عضویت را برگزینید."),
    "payment.reference": Words("برای این راه پرداخت، شمارهٔ پیگیری لازم است.", "شمارهٔ پیگیری کارت‌خوان، کیف پول یا پژوهانه را بنویسید."),
    "payment.too_many_lines": Words("این مبلغ بیش از {limit} سطر بدهی را می‌پوشاند.", "بخشی از مبلغ را جدا ثبت کنید."),
    "waiver.above_debt": Words("بدهی باز {limit} ریال است و {have} ریال بخشودنی نیست.", "تنها تا اندازهٔ بدهی ببخشایید."),
    "waiver.own": Words("کسی بدهی خود را کم نمی‌کند.", "از همکار دیگری بخواهید."),
    "waiver.second_needed": Words("یک نفر تنها تا {limit} ریال را می‌بخشاید؛ این {have} ریال است.", "نفر دوم نام و رمز خود را بنویسد."),
    "waiver.second_unfit": Words("«{name}» نفر دوم این بخشودگی نیست.", "همکار دیگری که این حساب از آنِ او نیست، رمز خود را بنویسد."),
    "waiver.second_not_allowed": Words("«{name}» اختیار بخشودن ندارد.", "از مسئول کتابخانه بخواهید."),
    "refund.above_credit": Words("تنها {limit} ریال از پول عضو نزد کتابخانه است، نه {have} ریال.", "نخست سطر یا رسید نادرست را باطل کنید، یا مبلغ کمتری بازگردانید."),
    "charge.kind": Words("این نوع بدهی دستی نوشته نمی‌شود.", "نوع دیگری برگزینید؛ جریمهٔ دیرکرد را برنامه حساب می‌کند."),
    "charge.item_not_theirs": Words("نسخهٔ «{item}» نزد این عضو نیست و نبوده است.", "بارکد را بررسی کنید یا بدون نسخه بنویسید."),
    "ledger.line_unknown": Words("{have} سطر از این سطرها بدهی باز این عضو نیست.", "سطرها را دوباره از حساب عضو برگزینید."),
    "ledger.by_receipt": Words("دریافت و بازپرداخت با رسید خود باطل می‌شود.", "رسید آن را باطل کنید."),
    "ledger.not_voidable": Words("این سطر خود ابطال سطر دیگری است.", "اگر بدهی هست، آن را دوباره بنویسید."),
    "ledger.voided_already": Words("این سطر پیش‌تر باطل شده است.", "کار دیگری لازم نیست."),
    "ledger.settled": Words("برای این بدهی {have} ریال دریافت شده است که با ابطال، طلب عضو می‌شود.", "اگر درست است، تأیید کنید و سپس آن را بازگردانید."),
    "receipt.voided_already": Words("این رسید پیش‌تر باطل شده است.", "کار دیگری لازم نیست."),
    "receipt.not_today": Words("رسید {day} دیگر باطل نمی‌شود.", "بدهی نادرست را باطل و پول را بازپرداخت کنید."),
    "receipt.used": Words("پول این رسید به عضو بازگردانده شده است.", "نخست رسید بازپرداخت را باطل کنید."),
    "receipt.closed_loan": Words("با این رسید بهای کتاب گم‌شده پرداخت و امانت آن بسته شده است.", "اگر کتاب پیدا شده، پیدا شدن آن را ثبت کنید."),
    "cash.open_already": Words("صندوق شمارهٔ {have} در همین میز باز است.", "نخست آن را بشمارید و ببندید."),
    "cash.not_open": Words("صندوق این میز باز نیست.", "صندوق را با موجودی آغاز روز باز کنید."),
    "cash.remark_required": Words("در صندوق باید {limit} ریال باشد و {have} ریال شمرده شد.", "دوباره بشمارید یا علت اختلاف را بنویسید."),
    "cash.closed": Words("صندوق آن پول شمرده و بسته شده است.", "بدهی نادرست را باطل و پول را بازپرداخت کنید."),
    "amnesty.dates": Words("از {since} تا {until} برای طرح بخشودگی پذیرفتنی نیست.", "پایان، امروز یا پس از آن و حداکثر {limit} روز پس از آغاز باشد."),
    "amnesty.percent": Words("{have} درصد بخشودنی نیست.", "عددی از ۱ تا {limit} بنویسید."),
    "amnesty.scope": Words("دامنهٔ طرح بخشودگی درست نیست ({unknown}).", "نوع بدهی و نوع عضویت را از فهرست برگزینید."),
    "amnesty.overlap": Words("طرح «{name}» ({since} تا {until}) همین بدهی‌ها را می‌پوشاند.", "تاریخ یا دامنهٔ دیگری بنویسید یا آن طرح را پایان دهید."),
    "staff.unknown": Words("چنین کارمندی ثبت نیست یا دیگر اینجا کار نمی‌کند.", "نام را از فهرست کارکنان برگزینید."),
    "staff.name_taken": Words("کارمندی به نام «{name}» ثبت است.", "نامی بنویسید که دو نفر با هم اشتباه نشوند."),
    "staff.card_taken": Words("کارت «{card}» از آنِ کس دیگری است.", "کارت دیگری برگزینید."),
    "staff.pin_weak": Words("این رمز پذیرفتنی نیست.", "چهار تا دوازده رقم بنویسید که همه یکسان یا پشت سر هم نباشند."),
    "staff.pin_wrong": Words("رمز درست نیست؛ {have} بار دیگر می‌توان آزمود.", "رمز را دوباره بنویسید یا کارت خود را روی دستگاه بگذارید."),
    "staff.pin_blocked": Words("رمز چند بار نادرست زده شد و تا {seconds} ثانیهٔ دیگر پذیرفته نمی‌شود.", "شکیبا باشید یا کارت خود را روی دستگاه بگذارید؛ مسئول کتابخانه هم می‌تواند رمز تازه بدهد."),
    "staff.member_unknown": Words("عضوی با شمارهٔ «{member}» پیدا نشد.", "شمارهٔ عضویت یا کارت او را بنویسید."),
    "staff.last_manager": Words("پس از این کار کسی نمی‌ماند که کارکنان را مدیریت کند.", "نخست این اختیار را به کس دیگری بدهید."),
    "visit.unknown": Words("کتابخانهٔ سیار در {day} بازدیدی از این ایستگاه ندارد.", "روز را از فهرست بازدیدها برگزینید."),
    "visit.done": Words("بازدید {day} انجام شده است.", "بازدید دیگری برگزینید."),
    "visit.ahead": Words("روز بازدید ({day}) هنوز نرسیده است.", "پس از بازدید آن را انجام‌شده ثبت کنید."),
    "visit.cancelled": Words("بازدید {day} لغو شده است.", "اگر بازدید در روز دیگری بوده است، نخست آن را به همان روز جابه‌جا کنید."),
    "visit.past": Words("روز {day} گذشته است.", "روزی از امروز به بعد برگزینید."),
    "visit.closed_day": Words("کتابخانه در {day} تعطیل است و کتابخانهٔ سیار نمی‌رود.", "روز باز دیگری برگزینید."),
    "dispatch.channel": Words("کتاب تنها با پست یا پیک فرستاده می‌شود.", "یکی از این دو راه را برگزینید."),
    "dispatch.no_address": Words("نشانی درستی از عضو در دست نیست.", "نشانی را بپرسید و بنویسید."),
    "dispatch.over": Words("این بسته فرستاده نمی‌شود: رسیده یا لغو شده است.", "درخواست تازه‌ای ثبت کنید."),
    "dispatch.not_sent": Words("این بسته در راه نیست.", "نخست ارسال آن را ثبت کنید."),
    "dispatch.under_way": Words("این بسته فرستاده شده است.", "نخست کتاب را پس بگیرید، سپس درخواست را لغو کنید."),
    "dispatch.arrival_day": Words("روز رسیدن ({day}) پیش از روز ارسال ({sent_on}) یا پس از امروز است.", "روز درست را بنویسید."),
    "dispatch.posting_day": Words("روز پس فرستادن ({day}) پیش از امانت یا پس از امروز است.", "روز مهر پست را بنویسید."),
    "contact.own_number": Words("این شمارهٔ خود کتابخانه است.", "شمارهٔ خود عضو را بپرسید."),
    "call.number_needed": Words("گفته نشده است که کدام شماره اشتباه است.", "شماره‌ای را که گرفتید برگزینید."),
    "calendar.never_open": Words("با این تغییر، کتابخانه تا یک سال هیچ روزی باز نیست.", "دست‌کم یک روز هفته یا یک روز را باز بگذارید."),
    "calendar.too_many_days": Words("{have} روز نوشته شده است؛ یک تعطیلی دست‌بالا {limit} روز است.", "تاریخ آغاز و پایان را بررسی کنید."),
    "calendar.too_far": Words("{day} از امروز خیلی دور است.", "سال را بررسی کنید."),
    "calendar.hours": Words("ساعت‌های {weekday_words} درست نیست.", "هر بازه باید پس از آغازش پایان یابد و بازه‌ها روی هم نیفتند."),
    "calendar.no_data": Words("برنامه تعطیلات رسمی سال {year} را ندارد.", "روزها را از تقویم رسمی خودتان بیفزایید."),
    "undo.nothing": Words("کاری از امروز برای واگرد نمانده است.", "کارهای پیشین را از صفحهٔ خودشان اصلاح کنید."),
    "undo.not_undoable": Words("«{kind_words}» واگرد نمی‌شود.", "راه برگشت آن در صفحهٔ خودش است."),
    "undo.changed_since": Words("پس از آن، کار دیگری بر پایهٔ همین ثبت انجام شده است.", "تغییر را دستی اصلاح کنید."),
    "field.required": Words("«{field_words}» خالی است.", "آن را بنویسید."),
    "field.invalid": Words("مقدار «{field_words}» پذیرفتنی نیست ({value}).", "آن را اصلاح کنید."),
    "minutes.empty": Words("این صورتجلسه هنوز ردیفی ندارد.", "نخست نسخه‌ها را اسکن کنید."),
    "weeding.already_weeded": Words("این نسخه پیش‌تر وجین شده است (م ۸-۱).", "اگر در مخزن است، وضعیت آن را اصلاح کنید."),
    "weeding.on_loan": Words("این نسخه در امانت است.", "پس از بازگشت پیشنهاد کنید."),
    "weeding.not_here": Words("وضعیت این نسخه نشان می‌دهد که در قفسه نیست.", "نخست وضعیت آن را روشن کنید (م ۸-۶)."),
    "weeding.on_other_minutes": Words("این نسخه در صورتجلسهٔ دیگری است و هر صورتجلسه یک دلیل دارد (م ۷-۲).", "نخست آن را از صورتجلسهٔ دیگر بردارید."),
    "weeding.in_binding": Words("این نسخه درخواست صحافی باز دارد و فرسوده شمرده نمی‌شود (م ۴-۱-ج).", "نتیجهٔ صحافی را بگیرید."),
    "weeding.never": Words("نسخهٔ خطی، چاپ سنگی و سربی هرگز وجین نمی‌شود (م ۵-۱-الف).", "به قفسه برگردانید."),
    "weeding.kept_value": Words("منبع تاریخی، محلی یا ارزشمند تنها اگر فرسوده و غیر قابل صحافی باشد وجین می‌شود (م ۵-۱-ب).", "به قفسه برگردانید."),
    "weeding.core": Words("منبع پایه تنها اگر فرسوده و غیر قابل صحافی باشد وجین می‌شود (م ۵-۱-ج).", "به قفسه برگردانید."),
    "weeding.only_copy": Words("تنها نسخهٔ این چاپ است و به دلیل نداشتن مخاطب وجین نمی‌شود (م ۵-۱-ج).", "به قفسه برگردانید."),
    "weeding.permit_needed": Words("نسخه از بستهٔ فرهنگی است (م ۴-۲ تبصره).", "شمارهٔ مجوز معاونت را بنویسید."),
    "weeding.unbindable_needed": Words("این نسخه تنها اگر «غیر قابل صحافی» باشد وجین می‌شود (م ۵-۱).", "اگر چنین است، تأیید کنید."),
    "weeding.not_worn": Words("وضعیت ظاهری این نسخه «سالم» ثبت شده است (م ۴-۱-ج).", "اگر فرسوده است، تأیید کنید."),
    "weeding.first_two_copies": Words("این نسخه، نسخهٔ {have} از نسخه‌های موجود عنوان است؛ نسخهٔ اول و دوم مازاد نیست (م ۴-۱ تبصره).", "به قفسه برگردانید."),
    "weeding.used_lately": Words("از آخرین استفاده {have} سال گذشته است؛ دست‌کم {limit} سال لازم است (م ۴-۱-د).", "به قفسه برگردانید."),
    "weeding.no_space_shortage": Words("کمبود فضای مخزن برای این کتابخانه ثبت نشده است (م ۴-۱-د تبصره).", "اگر کمبود فضا هست، تأیید کنید."),
    "weeding.criterion": Words("معیار «{criterion}» از معیارهای این دلیل وجین نیست.", "معیار دیگری برگزینید."),
    "weeding.replacement_needed": Words("گفته نشده است که کدام کتاب جای آن را می‌گیرد (م ۴-۲-د).", "عنوان جایگزین را بنویسید."),
}  # fmt: skip
NOTES: Mapping[str, str] = {
    "item.lost": "این نسخه گم‌شده ثبت شده بود؛ پیدا شدن آن ثبت شد.",
    "item.missing": "این نسخه مفقود ثبت شده بود؛ پیدا شدن آن ثبت شد.",
    "item.alert": "یادداشت نسخه: {text}",
    "loan.returned_first": "این نسخه نزد عضو دیگری بود (بازگشت: {due_on})؛ از او پس گرفته شد.",
    "loan.from_hall": "امانت در محل به امانت بیرون از کتابخانه تبدیل شد.",
    "loan.cut_by_queue": "چند نفر در صف این عنوان‌اند؛ مهلت کوتاه‌تر است (بازگشت: {due_on}).",
    "member.debt": "عضو {debt} ریال بدهی دارد.",
    "member.credit": "{credit} ریال از عضو نزد کتابخانه است.",
    "member.overdues": "{overdue} کتاب با دیرکرد نزد عضو است.",
    "member.ending": "عضویت در {expires_on} پایان می‌یابد.",
    "member.contact_doubtful": "شمارهٔ تماس عضو مشکوک است؛ آن را بپرسید و تأیید کنید.",
    "member.age_unknown": "این منبع حد سنی دارد و تاریخ تولد عضو ثبت نشده است.",
    "member.alert": "یادداشت عضو: {text}",
}  # fmt: skip
ANY, BY_DEFAULT = "*", "default"  # as in app.policy.table
ARTICLE = re.compile(r"(002 م)?\d+-\d")
ITEM_TYPES = {material.value: words for material, words in MATERIAL.items()}
UNKNOWN = Words("انجام نشد ({code}).", "با پشتیبانی تماس بگیرید.")
LONGEST_FACT = 300
LATIN = re.compile("[A-Za-z]")


def why(refusal: Refusal) -> str:
    """What stands against it, in one Persian sentence."""
    return REFUSALS.get(refusal.code, UNKNOWN).why.format_map(_blanks(refusal))


def way_out(refusal: Refusal) -> str:
    """What can be done about it."""
    return REFUSALS.get(refusal.code, UNKNOWN).way_out.format_map(_blanks(refusal))


def message(refusal: Refusal) -> str:
    """Both in one line, for programs that show text."""
    return f"{why(refusal)} {way_out(refusal)}"


def note_words(note: Note) -> str:
    """Something worth knowing about what was done, in one Persian sentence."""
    return NOTES[note.code].format_map({name: _say(value) for name, value in note.facts.items()})


def rule_words(rule: str, categories: Mapping[str, str]) -> str:
    """A rule as a librarian reads it: the policy row («عضو عادی · کتاب») or the article of the guideline."""
    *_, category, item_type = ("", *rule.split("/")) if "/" in rule else ("", "", "")
    if rule == BY_DEFAULT:
        return "پیش‌فرض پیشخان"
    if not item_type:
        return f"دستورالعمل وجین، مادهٔ {to_persian(rule.removeprefix('002 م'))}" if ARTICLE.match(rule) else rule
    who = "همهٔ اعضا" if category == ANY else categories.get(category, category)
    what = "همهٔ منابع" if item_type == ANY else ITEM_TYPES.get(item_type, item_type)
    return f"{who} · {what}"


def _blanks(refusal: Refusal) -> dict[str, str]:
    blanks = {name: _say(value) for name, value in refusal.facts.items()}
    until = refusal.facts.get("until")
    blanks |= {
        "code": refusal.code,
        "limit": _say(refusal.limit),
        "have": _say(refusal.have),
        "rule": refusal.rule or "",
        "until_words": f"تا {_say(until)}" if until else "تا اطلاع بعدی",
        "field_words": FIELD.get(str(refusal.facts.get("field")), str(refusal.facts.get("field", ""))),
        "weekday_words": WEEKDAY.get(str(refusal.facts.get("weekday")), "روز هفته"),
        "kind_words": ENTRY_KIND.get(str(refusal.facts.get("kind")), "این کار"),
    }
    return blanks


def _say(value: object) -> str:
    """A fact in Persian; what people or scanners wrote is made harmless, and digits of codes with Latin letters stay."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "بله" if value else "نه"
    if isinstance(value, int):
        return number(value)
    if isinstance(value, dt.date):
        return jalali.short(value)
    text = clean(str(value), LONGEST_FACT)
    return text if LATIN.search(text) else to_persian(text)
