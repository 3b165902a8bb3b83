"""Addresses of the service desk: major incidents, outages and the weekly review."""

from django.urls import URLPattern, path

from moothall.workplace.views.desk import majors, majors_acts, majors_report, outages, reviews

_ONE = "desk/majors/<slug:reference>/"

PATTERNS: list[URLPattern] = [
    path("desk/majors/", majors.majors, name="desk_majors"),
    path("desk/majors/hit/<int:number>/", majors.hit, name="desk_major_elsewhere"),
    path(_ONE, majors.room, name="desk_major"),
    path(f"{_ONE}lines/", majors.lines, name="desk_major_lines"),
    path(f"{_ONE}write/", majors.write, name="desk_major_write"),
    path(f"{_ONE}correct/<int:number>/", majors.correct, name="desk_major_correct"),
    path(f"{_ONE}answered/<int:number>/", majors.answered, name="desk_major_answered"),
    path(f"{_ONE}lead/", majors_acts.lead, name="desk_major_lead"),
    path(f"{_ONE}call/", majors_acts.call, name="desk_major_call"),
    path(f"{_ONE}tell/", majors_acts.tell, name="desk_major_tell"),
    path(f"{_ONE}away/", majors_acts.away, name="desk_major_away"),
    path(f"{_ONE}back/<int:number>/", majors_acts.back, name="desk_major_back"),
    path(f"{_ONE}restore/", majors_acts.restore, name="desk_major_restore"),
    path(f"{_ONE}stand-down/", majors_acts.stand_down, name="desk_major_stand_down"),
    path(f"{_ONE}again/", majors_acts.again, name="desk_major_again"),
    path(f"{_ONE}report/", majors_report.report, name="desk_major_report"),
    path(f"{_ONE}report/keep/", majors_report.keep, name="desk_major_report_keep"),
    path(f"{_ONE}vote/", majors_report.vote, name="desk_major_vote"),
    path(f"{_ONE}actions/", majors_report.add_action, name="desk_major_add_action"),
    path(f"{_ONE}actions/<int:number>/", majors_report.action, name="desk_major_action"),
    path(f"{_ONE}public/", majors_report.public, name="desk_major_public"),
    path(f"{_ONE}public/keep/", majors_report.keep_public, name="desk_major_public_keep"),
    path(f"{_ONE}public/publish/", majors_report.publish, name="desk_major_publish"),
    path(f"{_ONE}public/take-back/", majors_report.take_back, name="desk_major_take_back"),
    path("desk/outages/", outages.outages, name="desk_outages"),
    path("desk/outages/new/", outages.new, name="desk_outage_new"),
    path("desk/outages/plan/", outages.plan, name="desk_outage_plan"),
    path("desk/outages/<int:number>/", outages.outage, name="desk_outage"),
    path("desk/outages/<int:number>/say/", outages.say, name="desk_outage_say"),
    path("desk/outages/<int:number>/end/", outages.end, name="desk_outage_end"),
    path("desk/reviews/", reviews.reviews, name="desk_reviews"),
]
