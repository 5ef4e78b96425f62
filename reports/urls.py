from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("new/", views.report_create, name="create"),
    path("<int:volume>/", views.detail, name="detail"),
    path("<int:volume>/edit/", views.report_edit, name="edit"),
    path("<int:volume>/draft/", views.draft, name="draft"),
    path("<int:volume>/export/", views.export, name="export"),
    path("<int:volume>/pages/<int:pk>/", views.section_edit, name="section_edit"),
    path("<int:volume>/editions/<int:number>/html/", views.edition_html, name="edition_html"),
    path("<int:volume>/editions/<int:number>/view/", views.edition_view, name="edition_view"),
    path("<int:volume>/editions/<int:number>/pdf/", views.edition_pdf, name="edition_pdf"),
]
