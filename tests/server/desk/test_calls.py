from tests.server.desk.desks import Desk

MINA = {
    "given_name": "مینا", "family_name": "شریفی", "category": "ordinary", "card": "1002", "mobile": "09123456789",
}  # fmt: skip


def late(desk: Desk) -> Desk:
    desk.ask(
        "member.add", given_name="مینا", family_name="شریفی", category="ordinary", card="1002", mobile="09123456789"
    )
    desk.ask("checkout", member="1002", item="B1")
    desk.ask("clock.advance", days=22)
    return desk


def test_the_call_list_tells_books_telephones_and_the_last_result(lending: Desk) -> None:
    desk = late(lending)
    (row,) = desk.ask("call.list")["rows"]
    assert (row["name"], row["days_late"], row["due"], row["last"]) == ("مینا شریفی", 7, True, None)
    assert [phone["number"] for phone in row["telephones"]] == ["+989123456789"]
    told = desk.ask("call.record", member="1002", result="promised", next="1405/09/25", note="می‌آورد")
    assert (told["outcome"], told["next"], told["offers"]) == ("recorded", "2026-12-16", None)
    assert desk.ask("call.list", due=True)["rows"] == []
    assert desk.ask("call.show", member="1002")["calls"][0]["note"] == "می‌آورد"


def test_what_the_reader_says_is_offered_and_not_done(lending: Desk) -> None:
    desk = late(lending)
    for result, offered in (("says_returned", "item.claimed_returned"), ("says_lost", "item.lost")):
        told = desk.ask("call.record", member="1002", result=result)
        assert (told["offers"], len(told["loans"])) == (offered, 1)
    assert desk.ask("item.show", item="B1")["status"] == "on_loan"


def test_a_keyed_call_is_noted_once(lending: Desk) -> None:
    desk = late(lending)
    request = {"member": "1002", "result": "no_answer", "key": "call-1"}
    desk.ask("call.record", **request)
    assert desk.ask("call.record", **request)["outcome"] == "already_done"
    assert len(desk.ask("call.show", member="1002")["calls"]) == 1


def test_a_wrong_number_comes_to_the_clean_up_list_and_is_put_right(lending: Desk) -> None:
    desk = late(lending)
    wrong = desk.ask("call.record", member="1002", result="wrong_number", number="09123456789")
    assert wrong["marked_bad"] is True
    doubts = {row["name"]: row["doubt"] for row in desk.ask("contact.list")["rows"]}
    assert doubts == {"شریفی، مینا": "bad", "رضایی، علی": "missing"}
    put = desk.ask("contact.set", member="1002", kind="mobile", value="۰۹۳۵ ۱۱۱ ۲۲۳۳")
    assert (put["outcome"], put["value"]) == ("set", "+989351112233")
    assert desk.ask("contact.set", member="1002", kind="mobile", value="09351112233")["outcome"] == "already_done"
    assert desk.ask("member.show", member="1002")["mobile"] == "+989351112233"


def test_faults_are_told(lending: Desk) -> None:
    told = lending.ask("call.record", member="1001", result="wrong_number")
    assert [reason["code"] for reason in told["refusals"]] == ["call.number_needed"]
    assert lending.ask("call.record", member="9999", result="promised")["what"] == "member"
    assert lending.ask("call.show", member="\u202e")["what"] == "member"
