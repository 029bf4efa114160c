"""The pages of readers (000 §3-1-2: «در قسمت ورود اعضا … از تعداد و چگونگی مدارک امانت گرفته شدهٔ خود مطلع می‌گردد و قادر
به تمدید و رزرو … می‌باشد»): the table of all of them, in the order of their navigation."""

from server.centre.web import readers_account, readers_entry, readers_holds, readers_loans

PAGES = (*readers_loans.PAGES, *readers_holds.PAGES, *readers_account.PAGES, *readers_entry.PAGES)
SHOTS = (*readers_entry.SHOTS, *readers_loans.SHOTS, *readers_holds.SHOTS, *readers_account.SHOTS)
