"""Pages of taking files over."""

from django.urls import path

from kpis.imports import views as imports

app_name = "imports"
urlpatterns = [
    path("", imports.file_list, name="list"),
    path("template/<str:department_code>/FY<int:fiscal_year>.xlsx", imports.template, name="template"),
    path("<int:pk>/", imports.reading, name="reading"),
    path("<int:pk>/preview/", imports.preview, name="preview"),
    path("<int:pk>/other-way/", imports.other_way, name="other_way"),
    path("<int:pk>/answer/", imports.answer, name="answer"),
    path("<int:pk>/cancel/", imports.cancel, name="cancel"),
    path("<int:pk>/original/", imports.original, name="original"),
]
