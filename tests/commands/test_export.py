"""What comes out: files that payroll, a spreadsheet and this program itself read."""

import json
from collections.abc import Callable
from pathlib import Path

from models.values.datasets import DATASETS
from tests.commands.conftest import BRIEFING, PLACES, STAFF, House, Run

NIGHT = "2026-09-02"
FACTS = {
    "staff": STAFF,
    "places": PLACES,
    "briefings": BRIEFING + "2026-09-03,,\n2026-10-01,2026-10-01T19:50:30,D01\n",
    "wages": "staff_no,effective_from,monthly_wage\n0008,2026-09-03,4000.5\n",
    "attendance": "night,staff_no,arrived_at,made_up_at,departed_at\n"
    f"{NIGHT},0007,2026-09-02T19:40:05,,2026-09-03T02:00\n{NIGHT},S01,,2026-09-02T20:00,\n",
    "posts": f"night,staff_no,duty,area\n{NIGHT},0007,=迎宾,大厅\n{NIGHT},D01,总监,\n",
    "leave": "leave_no,staff_no,kind,first_night,last_night,filed_at,special_reason,status,"
    "decided_by,decided_at,decision_reason\n"
    "L1,0008,sick,2026-09-02,2026-09-02,2026-09-02T18:00,=发烧,approved,S01,2026-09-02T18:30,好\n",
    "outings": "slip_no,staff_no,reason,requested_at,status,decided_by,decided_at,out_at,back_at\n"
    "O1,0007,-送客,2026-09-02T21:00,requested,,,2026-09-02T21:10,\n",
    "bookings": "booking_no,night,place,turn,staff_no,guest_name,guest_phone,booked_at,status,"
    f"amount\nB1,{NIGHT},V01,2,0007,胡先生,+8613800000000,2026-09-02T15:00,left,1999.5\n",
    "incidents": "incident_no,staff_no,occurred_at,rule,amount,note,reported_by,status\n"
    'I1,0007,2026-09-02T23:00,insubordination,350,"顶撞,\n当场道歉",D01,\n',
    "waivers": "staff_no,night,rule,source,waived_by,reason\n"
    f"0007,{NIGHT},late,roll,D01,路上封路\n",
}


def test_every_dataset_comes_back_as_it_went(empty_house: House, run: Run, tmp_path: Path) -> None:
    empty_house.took(**FACTS)
    statements = ("deductions", "charges", "roll")
    for number, options in enumerate(
        (
            ("--plain",),
            (),
            ("--headers", "zh"),
            ("--format", "xlsx"),
            ("--format", "xlsx", "--headers", "zh"),
        )
    ):
        folder = tmp_path / f"again{number}"
        ending = "xlsx" if "xlsx" in options else "csv"
        folder.mkdir()
        for name in DATASETS:
            written = run("export", name, *options, "-o", str(folder / f"{name}.{ending}"))
            assert written.status == 0, written.err
        url = f"sqlite:///{tmp_path}/{folder.name}.db"
        run("init", "--name", "B", "--timezone", "Asia/Shanghai", url=url)
        assert run("import", str(folder), url=url).status == 0
        for name in (*DATASETS, *statements):
            assert run("export", name, url=url).out == run("export", name).out
        again = run("import", str(folder), url=url)
        assert "Nothing changed" in again.err


def test_bytes(empty_house: House, tmp_path: Path) -> None:
    empty_house.took(**FACTS)
    empty_house.run("export", "places", "-o", str(tmp_path / "places.csv"))
    assert (tmp_path / "places.csv").read_bytes() == (
        "\ufeffplace,kind,minimum_spend\r\nA01,table,\r\nV01,room,1880.00\r\nV02,room,880.00\r\n"
    ).encode()
    plain = empty_house.run("export", "places", "--plain", "--headers", "zh").out
    assert plain == "房台,类型,最低消费\nA01,table,\nV01,room,1880.00\nV02,room,880.00\n"
    rows = json.loads(empty_house.run("export", "places", "--format", "json").out)
    assert rows[0] == {"place": "A01", "kind": "table", "minimum_spend": None}


def test_a_file_is_written_as_its_name_says(empty_house: House, tmp_path: Path) -> None:
    """Excel refuses to open a CSV that is called a workbook."""
    empty_house.took(**FACTS)
    for name, beginning in (
        ("places.xlsx", b"PK"), ("PLACES.XLSX", b"PK"), ("places.json", b"["),
        ("places.txt", b"\xef\xbb\xbfplace"),
    ):  # fmt: skip
        assert empty_house.run("export", "places", "-o", str(tmp_path / name)).status == 0
        assert (tmp_path / name).read_bytes().startswith(beginning), name
    for options in (("--by-team",), ("--profile", "statement")):
        asked = ("export", "deductions", "--month", "2026-09", *options)
        assert empty_house.run(*asked, "-o", str(tmp_path / "month.xlsx")).status == 0
        assert (tmp_path / "month.xlsx").read_bytes().startswith(b"PK")
    said = ("export", "places", "--format", "csv", "-o", str(tmp_path / "places.xlsx"))
    assert empty_house.run(*said).status == 0
    assert (tmp_path / "places.xlsx").read_bytes().startswith(b"\xef\xbb\xbfplace")


def test_no_cell_runs_in_a_spreadsheet(empty_house: House) -> None:
    empty_house.took(**FACTS)

    for options in ((), ("--plain",)):
        assert ",'=发烧," in empty_house.run("export", "leave", *options).out
        assert ",'+8613800000000," in empty_house.run("export", "bookings", *options).out
        assert ",'-送客," in empty_house.run("export", "outings", *options).out


def test_charges_say_from_which_facts(empty_house: House) -> None:
    empty_house.took(**FACTS)

    rows = empty_house.export("charges", "--month", "2026-09")

    assert list(rows[0]) == [
        "month", "night", "staff_no", "name", "rule", "clause", "source", "amount", "status",
        "reason",
    ]  # fmt: skip
    late = next(row for row in rows if row["rule"] == "late")
    assert (late["status"], late["clause"], late["amount"]) == ("waived", "2", "30.00")
    assert "2026-09-02T19:40:05" in late["reason"]
    assert [tuple(r[k] for k in ("staff_no", "night", "rule", "source")) for r in rows] == sorted(
        tuple(r[k] for k in ("staff_no", "night", "rule", "source")) for r in rows
    )
    chinese = empty_house.run("export", "charges", "--headers", "zh", "--plain").out
    assert chinese.startswith("月份,营业日,工号,姓名,规则,条款,来源,金额,状态,事由\n")
    assert "晚于班前会时间" in chinese


def test_the_columns_of_deductions(empty_house: House) -> None:
    empty_house.took(**FACTS)

    row = empty_house.deduction("0007")
    assert list(row)[:5] == ["month", "staff_no", "name", "team", "monthly_wage"]
    assert list(row)[5:9] == ["late_count", "late_amount", "absence_count", "absence_amount"]
    assert list(row)[-10:] == [
        "charges_total", "adjustments", "carried_in", "deducted", "carried_out", "sales",
        "sales_voided", "sales_counted", "deemed_resigned", "dismissed",
    ]  # fmt: skip
    assert row["late_count"] == "0"  # waived
    chinese = empty_house.run("export", "deductions", "--headers", "zh", "--plain").out
    assert "月薪,迟到次数,迟到金额,旷工次数,旷工金额,离岗次数" in chinese.splitlines()[0]


def test_a_club_has_its_own_columns(empty_house: House) -> None:
    empty_house.took(staff=STAFF)
    assert empty_house.run("rules", "adopt", "club", "--from", "2026-09-16").status == 0
    empty_house.took(
        briefings=BRIEFING,
        incidents="incident_no,staff_no,occurred_at,rule\n"
        "I1,0007,2026-09-15T23:00,service_complaint\n"
        "I2,0007,2026-09-16T23:00,false_phone\n",
    )

    row = empty_house.deduction("0007")
    codes = [name.removesuffix("_count") for name in row if name.endswith("_count")]
    assert codes[:8] == [
        "unregistered_visit", "unasked_visitor", "client_kept_back", "unmatched_phone",
        "false_phone", "diverted_friend", "underpriced_renewal", "second_follow_up",
    ]  # fmt: skip
    assert codes[8:] == ["absence", "service_complaint"]
    assert row["charges_total"] == "1100.00"
    # the incident of the 16th would be unlawful under the rules before
    back = empty_house.run("rules", "adopt", "nightlife", "--from", "2026-09-16")
    assert back.status == 1
    assert "I2" in back.err


def test_wrong_usage_is_2_and_refusal_is_1(house: House, run: Run) -> None:
    assert run("export", "nonsense").status == 2
    assert run("export", "deductions", "--month", "2026-9").status == 2
    assert run("frobnicate").status == 2
    assert run("init", "--name", "x", "--timezone", "Asia/Shanghai").status == 1
    assert run("export", "staff", url="sqlite:////nowhere/at/all.db").status == 1
    assert run("explain", "9999", "2026-09").status == 1
    assert run("export", "staff", "-o", "/nowhere/at/all.csv").status == 1
    assert run("rules", "check", "/nowhere.toml").status == 1


def test_the_nights_log_names_posts_and_the_trails_head(
    house: House, at: Callable[[str], None]
) -> None:
    at("2026-09-03T15:00")
    house.took(
        posts="night,staff_no,duty,area\n2026-09-02,0007,迎宾,大厅\n",
        attendance="night,staff_no,arrived_at\n2026-09-02,0007,2026-09-02T19:28\n",
    )
    assert house.export("posts") == [
        {"night": "2026-09-02", "staff_no": "0007", "duty": "迎宾", "area": "大厅"}
    ]
    rows = house.export("night_log", "--night", "2026-09-02")
    assert [(r["staff_no"], r["duty"], r["outcome"]) for r in rows] == [
        ("0007", "迎宾", "present"), ("0008", "", "absent"), ("S01", "", "absent")]  # fmt: skip
    assert rows == house.export("night_log", "--month", "2026-09")
    assert rows[0]["audit_head"] in house.run("check").out
    answer = house.run("export", "roll", "--night", "2026-09-02")
    assert (answer.status, "goes with night_log" in answer.err) == (2, True)


def test_deductions_in_a_payroll_programs_columns(house: House, at: Callable[[str], None]) -> None:
    at("2026-09-03T15:00")
    out = house.folder / "frappe.csv"
    answer = house.run(
        "export", "deductions", "--month", "2026-09", "--profile", "frappe",
        "--set", "company=Venue Co", "-o", str(out),
    )  # fmt: skip
    assert answer.status == 0
    assert "2026-09 is not closed" in answer.err
    assert "0008,Venue Co,House Fines,CNY,698.85,2026-09-30,0,0" in out.read_text("utf-8-sig")
    for arguments, status, said in (
        (("deductions", "--profile", "frappe"), 2, "of one --month"),
        (("roll", "--month", "2026-09", "--profile", "frappe"), 2, "of one --month"),
        (("deductions", "--month", "2026-09", "--profile", "sap"), 1, "come with the program"),
        (
            ("deductions", "--month", "2026-09", "--profile", "frappe", "--set", "x"),
            2,
            "NAME=VALUE",
        ),
    ):
        answer = house.run("export", *arguments)
        assert (answer.status, answer.out) == (status, "")
        assert said in answer.err
    for option in (("--plain",), ("--headers", "zh")):
        ran = house.run("export", "deductions", "--month", "2026-09", "--profile", "oca", *option)
        assert (ran.status, ran.out) == (2, "")
