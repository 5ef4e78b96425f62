"""Who may do what: every address, read and written to, by everyone there is, in one table.

An address that is missing from the table, or no longer exists, fails the test. What a cell says:

    200       the page; 286: a part of it that needs no more asking for
    >name     done, and the browser is sent on to the address of that name
    403       refused
    404       not there for this person: who may not see it is not told that it exists
    405       nothing can be sent there, or nothing be read
    sign-in   asked to sign in first
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.town import WHO, client_of, outcome

#: anonymous; editor and approver of the department whose figures are asked for; editor of another department; 取りまとめ課;
#: viewer; somebody signed in without any post in force.
TABLE = """
address                   anonymous editor         other_editor approver        reform_office   viewer nobody
home                 GET  sign-in   200            200          200             200             200    200
home                 POST sign-in   405            405          405             405             405    405
healthz              GET  200       200            200          200             200             200    200
healthz              POST 405       405            405          405             405             405    405
overview             GET  sign-in   200            200          200             200             200    200
overview             POST sign-in   405            405          405             405             405    405
login                GET  200       >home          >home        >home           >home           >home  >home
login                POST >home     >home          >home        >home           >home           >home  >home
logout               GET  sign-in   405            405          405             405             405    405
logout               POST sign-in   >login         >login       >login          >login          >login >login
password_change      GET  sign-in   200            200          200             200             200    200
password_change      POST sign-in   >password_change_done >password_change_done >password_change_done >password_change_done >password_change_done >password_change_done
password_change_done GET  sign-in   200            200          200             200             200    200
password_change_done POST sign-in   405            405          405             405             405    405
sessions             GET  sign-in   200            200          200             200             200    200
sessions             POST sign-in   >sessions      >sessions    >sessions       >sessions       >sessions >sessions
read_notices         GET  sign-in   405            405          405             405             405    405
read_notices         POST sign-in   >home          >home        >home           >home           >home  >home
kpis:detail          GET  sign-in   200            200          200             200             200    200
kpis:detail          POST sign-in   405            405          405             405             405    405
kpis:data            GET  sign-in   200            200          200             200             200    200
kpis:data            POST sign-in   405            405          405             405             405    405
entries:list         GET  sign-in   200            200          200             200             403    403
entries:list         POST sign-in   405            405          405             405             403    403
entries:detail       GET  sign-in   200            403          200             200             403    403
entries:detail       POST sign-in   405            405          405             405             403    403
entries:withdraw     GET  sign-in   405            405          405             405             403    403
entries:withdraw     POST sign-in   >entries:month 403          403             403             403    403
entries:discard      GET  sign-in   405            405          405             405             403    403
entries:discard      POST sign-in   >entries:month 403          403             403             403    403
entries:understand   GET  sign-in   200            200          200             200             403    403
entries:understand   POST sign-in   405            405          405             405             403    403
entries:month        GET  sign-in   200            403          200             200             403    403
entries:month        POST sign-in   >entries:month 403          403             403             403    403
entries:panel        GET  sign-in   200            403          200             200             403    403
entries:panel        POST sign-in   >entries:panel 403          403             403             403    403
entries:evidence     GET  sign-in   200            403          200             200             403    403
entries:evidence     POST sign-in   405            405          405             405             405    405
entries:evidence_add GET  sign-in   405            405          405             405             403    403
entries:evidence_add POST sign-in   422            403          403             403             403    403
entries:evidence_remove GET sign-in 405            405          405             405             403    403
entries:evidence_remove POST sign-in >entries:panel 403         403             403             403    403
entries:year         GET  sign-in   200            403          200             200             403    403
entries:year         POST sign-in   >entries:year 403           403             403             403    403
entries:confirm      GET  sign-in   405            405          405             405             403    403
entries:confirm      POST sign-in   >entries:month 403          >entries:month  403             403    403
entries:take_back    GET  sign-in   405            405          405             405             403    403
entries:take_back    POST sign-in   >entries:month 403          >entries:month  403             403    403
entries:answer       GET  sign-in   405            405          405             405             403    403
entries:answer       POST sign-in   >entries:month 403          >entries:month  403             403    403
entries:year_cells   GET  sign-in   405            405          405             405             403    403
entries:year_cells   POST sign-in   200            403          403             403             403    403
entries:cells        GET  sign-in   405            405          405             405             403    403
entries:cells        POST sign-in   200            403          403             403             403    403
approvals:list       GET  sign-in 403 403 200 200 403 403
approvals:list       POST sign-in 403 403 >approvals:list 403 403 403
approvals:decide     GET  sign-in   403            403          200             403             403    403
approvals:decide     POST sign-in   403            403          >approvals:list 403             403    403
deputies:list        GET  sign-in   403            403          200             200             403    403
deputies:list        POST sign-in   403            403          >deputies:list  422             403    403
deputies:cancel      GET  sign-in   403            403          405             405             403    403
deputies:cancel      POST sign-in   403            403          >deputies:list  403             403    403
handover:list        GET  sign-in   200            200          200             200             403    403
handover:list        POST sign-in   405            405          405             405             403    403
handover:prepare     GET  sign-in   200            403          200             200             403    403
handover:prepare     POST sign-in   422            403          422             422             403    403
handover:paper       GET  sign-in   200            404          200             200             403    403
handover:paper       POST sign-in   405            405          405             405             403    403
owners:list          GET  sign-in   200            200          200             200             403    403
owners:list          POST sign-in   405            405          405             405             403    403
owners:registrars    GET  sign-in   403            403          403             200             403    403
owners:registrars    POST sign-in   403            403          403             422             403    403
owners:card          GET  sign-in   200            403          200             200             403    403
owners:card          POST sign-in   >owners:list   403          >owners:list    >owners:list    403    403
personnel:upload     GET  sign-in   403            403          403             200             403    403
personnel:upload     POST sign-in   403            403          403             422             403    403
personnel:apply      GET  sign-in   403            403          403             405             403    403
personnel:apply      POST sign-in   403            403          403             >personnel:upload 403   403
reorganisation       GET  sign-in   403            403          403             200             403    403
reorganisation       POST sign-in   403            403          403             422             403    403
inquiries:list       GET  sign-in   200            200          200             200             403    403
inquiries:list       POST sign-in   405            405          405             405             403    403
inquiries:create     GET  sign-in   403            403          403             200             403    403
inquiries:create     POST sign-in   403            403          403             >inquiries:detail 403    403
inquiries:reminders  GET  sign-in   403            403          403             200             403    403
inquiries:reminders  POST sign-in   403            403          403             405             403    403
inquiries:detail     GET  sign-in   403            403          403             200             403    403
inquiries:detail     POST sign-in   403            403          403             >inquiries:detail 403    403
inquiries:recipient  GET  sign-in   200            404          200             200             403    403
inquiries:recipient  POST sign-in   >inquiries:recipient 404    403             403             403    403
inquiries:file       GET  sign-in   200            404          200             200             403    403
inquiries:file       POST sign-in   405            405          405             405             403    403
inquiries:event_file GET  sign-in   200            404          200             200             403    403
inquiries:event_file POST sign-in   405            405          405             405             403    403
closing:list         GET  sign-in   403            403          403             200             403    403
closing:list         POST sign-in   403            403          403             405             403    403
closing:changes      GET  sign-in   200            200          200             200             200    200
closing:changes      POST sign-in   405            405          405             405             405    405
closing:changes_data GET  sign-in   200            200          200             200             200    200
closing:changes_data POST sign-in   405            405          405             405             405    405
closing:definitions_data GET sign-in   200        200          200             200             200    200
closing:definitions_data POST sign-in  405        405          405             405             405    405
closing:reopenings_data GET  sign-in   200         200          200             200             200    200
closing:reopenings_data POST sign-in   405         405          405             405             405    405
closing:end          GET  sign-in   403            403          403             405             403    403
closing:end          POST sign-in   403            403          403             >closing:month  403    403
closing:year         GET  sign-in   403            403          403             200             403    403
closing:year         POST sign-in   403            403          403             405             403    403
closing:targets      GET  sign-in   403            403          403             200             403    403
closing:targets      POST sign-in   403            403          403             >closing:year   403    403
closing:month        GET  sign-in   403            403          403             200             403    403
closing:month        POST sign-in   403            403          403             405             403    403
closing:close        GET  sign-in   403            403          403             405             403    403
closing:close        POST sign-in   403            403          403             >closing:month  403    403
closing:final        GET  sign-in   403            403          403             405             403    403
closing:final        POST sign-in   403            403          403             >closing:month  403    403
closing:reopen       GET  sign-in   403            403          403             405             403    403
closing:reopen       POST sign-in   403            403          403             >closing:month  403    403
initiatives:timeline GET  sign-in   200            200          200             200             200    200
initiatives:timeline POST sign-in   405            405          405             405             405    405
initiatives:data     GET  sign-in   200            200          200             200             200    200
initiatives:data     POST sign-in   405            405          405             405             405    405
initiatives:detail   GET  sign-in   200            200          200             200             200    200
initiatives:detail   POST sign-in   405            405          405             405             405    405
initiatives:progress_list GET sign-in 200         200          200             200             403    403
initiatives:progress_list POST sign-in 405        405          405             405             403    403
initiatives:progress GET  sign-in   200            403          200             200             403    403
initiatives:progress POST sign-in   >initiatives:progress 403   403             403             403    403
initiatives:progress_data GET sign-in 200         200          200             200             200    200
initiatives:progress_data POST sign-in 405        405          405             405             405    405
surveys:list         GET  sign-in   200            200          200             200             200    200
surveys:list         POST sign-in   405            405          405             405             405    405
surveys:detail       GET  sign-in   200            200          200             200             200    200
surveys:detail       POST sign-in   405            405          405             405             405    405
surveys:data         GET  sign-in   200            200          200             200             200    200
surveys:data         POST sign-in   405            405          405             405             405    405
reports:list         GET  sign-in   200            200          200             200             200    200
reports:list         POST sign-in   405            405          405             405             405    405
reports:create       GET  sign-in   403            403          403             200             403    403
reports:create       POST sign-in   403            403          403             >reports:detail 403    403
reports:detail       GET  sign-in   200            200          200             200             200    200
reports:detail       POST sign-in   405            405          405             405             405    405
reports:edit         GET  sign-in   403            403          403             200             403    403
reports:edit         POST sign-in   403            403          403             >reports:detail 403    403
reports:draft        GET  sign-in   403            403          403             200             403    403
reports:draft        POST sign-in   403            403          403             405             403    403
reports:export       GET  sign-in   403            403          403             405             403    403
reports:export       POST sign-in   403            403          403             >jobs:detail    403    403
imports:list         GET  sign-in   200            200          403             200             403    403
imports:list         POST sign-in   422            422          403             422             403    403
imports:template     GET  sign-in   200            403          403             200             403    403
imports:template     POST sign-in   405            405          403             405             403    403
imports:reading      GET  sign-in   200            403          403             403             403    403
imports:reading      POST sign-in   422            403          403             403             403    403
imports:preview      GET  sign-in   200            403          403             403             403    403
imports:preview      POST sign-in   422            403        403             403             403    403
imports:other_way    GET  sign-in   405            405          403             405             403    403
imports:other_way    POST sign-in   403            403          403             403             403    403
imports:answer       GET  sign-in   405            405          403             405             403    403
imports:answer       POST sign-in   >imports:preview 403        403             403             403    403
imports:cancel       GET  sign-in   405            405          403             405             403    403
imports:cancel       POST sign-in   >imports:list  403          403             403             403    403
imports:original     GET  sign-in   200            403          403             200             403    403
imports:original     POST sign-in   405            405          403             405             403    403
reports:section_edit GET  sign-in   403            403          403             200             403    403
reports:section_edit POST sign-in   403            403          403             >reports:detail 403    403
reports:edition_html GET  sign-in   200            200          200             200             200    200
reports:edition_html POST sign-in   405            405          405             405             405    405
reports:edition_view GET  sign-in   200            200          200             200             200    200
reports:edition_view POST sign-in   405            405          405             405             405    405
reports:edition_pdf  GET  sign-in   200            200          200             200             200    200
reports:edition_pdf  POST sign-in   405            405          405             405             405    405
jobs:list            GET  sign-in   200            200          200             200             200    200
jobs:list            POST sign-in   405            405          405             405             405    405
jobs:detail          GET  sign-in   404            404          404             200             404    404
jobs:detail          POST sign-in   405            405          405             405             405    405
jobs:status          GET  sign-in   404            404          404             286             404    404
jobs:status          POST sign-in   405            405          405             405             405    405
jobs:retry           GET  sign-in   405            405          405             405             405    405
jobs:retry           POST sign-in   404            404          404             >jobs:detail    404    404
"""


def rows(table: str) -> dict[str, dict[str, str]]:
    """What the table says: for "name METHOD" the outcome of each person."""
    _, *lines = table.strip().splitlines()
    cells = [line.split() for line in lines if line.strip()]
    assert all(len(row) == len(WHO) + 2 for row in cells), [row for row in cells if len(row) != len(WHO) + 2]
    answer = {f"{row[0]} {row[1]}": dict(zip(WHO, row[2:], strict=True)) for row in cells}
    assert len(answer) == len(cells)
    return answer


ROWS = rows(TABLE)
METHODS = ["GET", "POST"]
NAMES = list(dict.fromkeys(row.split()[0] for row in ROWS))


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The names of all addresses below; the back office's are a table of their own."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                prefix = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from addresses(pattern, prefix)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{pattern.pattern} has no name"
            yield namespace + pattern.name


def test_every_address_is_in_the_table_and_nothing_else_is():
    names = set(addresses(get_resolver()))
    assert {row.split()[0] for row in ROWS} == names
    assert set(ROWS) == {f"{name} {method}" for name in names for method in METHODS}


@pytest.mark.parametrize("name", NAMES)
def test_everyone_may_do_what_the_table_says(town, name):
    url = reverse(name, kwargs=town.arguments.get(name))
    for method in METHODS:
        sent = town.sent.get(name) if method == "POST" else None
        found = {who: outcome(client_of(town, who), method, url, sent) for who in WHO}
        assert found == ROWS[f"{name} {method}"], f"{name} {method}"
