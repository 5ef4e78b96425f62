"""Which files run where, with which others and in which order: read by tests/conftest.py."""

from __future__ import annotations

#: They look at one edition of vol.5, which takes seconds to typeset.
TYPESET = {f"tests/reports/test_{name}.py" for name in ("vol5_files", "pdf_file", "line_changes", "self_contained")}

#: Few tests, much time: begun first, so that no process is left alone with one of them at the end.
LONG = [
    "tests/reports/test_line_changes.py",
    "tests/test_back_office_access.py",
    "tests/test_access.py",
    "tests/reform/test_load_demo.py",
    "tests/kpis/test_audit_agrees.py",
    "tests/reform/test_demo_command.py",
    "tests/reports/test_next_volume.py",
    "tests/reform/test_words_on_every_page.py",
    "tests/reform/test_words_of_the_sample.py",
    "tests/reform/test_nothing_belongs_to_one_city.py",
    "tests/test_long_numbers.py",
    "tests/reports/test_prints_never_exceed_the_rules.py",
    "tests/test_migrations.py",
    "tests/reform/test_a_year.py",
    "tests/test_patterns.py",
    "tests/sheets/test_hostile_files.py",
    "tests/reports/test_sheets.py",
    "tests/kpis/imports/test_spoiled_files.py",
    "tests/jobs/test_killed.py",
    "tests/reform/test_away.py",
    "tests/services/test_killed.py",
    "tests/services/test_worker.py",
    "tests/services/test_save_to_summary.py",
    "tests/e2e/test_every_page.py",
    "tests/e2e/test_reporting.py",
    "tests/e2e/test_grid.py",
    "tests/e2e/test_office_pages.py",
    "tests/e2e/test_export.py",
    "tests/e2e/test_pictures.py",
    "tests/e2e/test_dashboards.py",
    "tests/e2e/test_edition.py",
]

#: They look at the same world, which takes as long to build (tests/built_once.py).
OF_ONE_WORLD = {
    "sample": {f"tests/reform/test_{name}.py" for name in ("words_of_the_sample", "load_demo", "load_vol5")},
    "second city": {
        f"tests/reform/test_{name}.py"
        for name in ("words_on_every_page", "nothing_belongs_to_one_city", "second_city", "another_city")
    },
    "vol.5 typeset": TYPESET,
}

#: What no engine decides, so that it runs on SQLite alone.
ELSEWHERE = TYPESET | {
    # SQLite's tables, and installations of their own.
    "tests/test_migrations.py::test_migrations_and_models_make_the_same_sqlite_database",
    "tests/jobs/test_killed.py",
    "tests/reform/test_away.py",
    # Who may do what, and what a command prints.
    "tests/test_access.py",
    "tests/test_back_office_access.py",
    "tests/test_hostile_requests.py",
    "tests/test_seen_in_the_back_office.py",
    "tests/accounts/door/test_kept_forms.py",
    # The sample, which is made for trying the application out without a server. The second city is built on both.
    "tests/reform/test_demo_command.py",
    "tests/reform/test_load_demo.py",
    "tests/reform/test_load_vol5.py",
    "tests/reform/test_words_of_the_sample.py",
    "tests/reform/test_words_on_every_page.py",
    "tests/reform/test_nothing_belongs_to_one_city.py",
    "tests/reform/test_another_city.py",
    # How a page is laid out. Every page is asked for on PostgreSQL by tests/test_long_numbers.py, with odd numbers too, and
    # the browser tests work with those of a month there.
    "tests/initiatives/test_timeline_page.py",
    "tests/inquiries/test_pages.py",
    "tests/jobs/test_pages.py",
    "tests/kpis/imports/test_pages.py",
    "tests/kpis/test_admin.py",
    "tests/kpis/test_answering_checks.py",
    "tests/kpis/test_approval_pages.py",
    "tests/kpis/test_closed_month_page.py",
    "tests/kpis/test_closing_pages.py",
    "tests/kpis/test_entry_pages.py",
    "tests/kpis/test_kpi_data.py",
    "tests/kpis/test_kpi_page.py",
    "tests/kpis/test_panel.py",
    "tests/kpis/test_year_grid.py",
    "tests/reform/test_handover.py",
    "tests/reform/test_home.py",
    "tests/reform/test_overview.py",
    "tests/reports/test_editing.py",
    "tests/reports/test_pages.py",
    "tests/surveys/test_survey_pages.py",
    # What may be said of figures, in pages and in print: decided from facts alone.
    "tests/kpis/test_what_a_figure_may_say.py",
    "tests/kpis/test_surfaces_agree.py",
    "tests/reports/test_snapshot.py",
    "tests/reports/test_what_a_report_may_say.py",
    "tests/reports/test_what_a_page_explains.py",
    "tests/reports/test_prints_never_exceed_the_rules.py",
    "tests/reports/test_marks_in_print.py",
    "tests/reports/test_empty_parts.py",
    "tests/reports/test_options.py",
    "tests/surveys/test_what_a_share_is_of.py",
    # How a file is read. Taking it over runs on both.
    *(
        f"tests/kpis/imports/test_{name}.py"
        for name in (
            "reading_files",
            "proposing",
            "around_the_table",
            "everyday_files",
            "everyday_layouts",
            "values_of_other_years",
            "written_units",
            "number_formats",
            "what_is_said_of_a_file",
            "what_a_value_is_of",
            "joining_and_rounding",
            "tables_that_go_on",
            "quarters_of_a_file",
            "years_of_a_file",
            "torn_numbers_and_units",
            "many_labels",
            "spoiled_files",
        )
    ),
}

#: Left out by --quick besides LONG and ELSEWHERE: they ask for many pages, or start processes.
LEFT_OUT = {
    "tests/accounts/test_account_changes.py",
    "tests/accounts/test_admin.py",
    "tests/accounts/test_personnel.py",
    "tests/deploy/test_proxy.py",
    "tests/kpis/imports/test_being_read.py",
    "tests/kpis/imports/test_command.py",
    "tests/kpis/imports/test_large_files.py",
    "tests/kpis/imports/test_taking_over.py",
    "tests/kpis/test_claims_never_exceed_the_rules.py",
    "tests/kpis/test_definition_changes.py",
    "tests/kpis/test_registering.py",
    "tests/kpis/test_resources.py",
    "tests/kpis/test_year_end.py",
    "tests/model/test_agrees.py",
    "tests/reform/test_reorganisation.py",
    "tests/reform/test_second_city.py",
    "tests/reform/test_seed_city.py",
    "tests/sheets/test_apart.py",
    "tests/sheets/test_fuzz.py",
    "tests/sheets/test_years_and_months.py",
    "tests/test_gunicorn.py",
    "tests/test_migrating.py",
}
