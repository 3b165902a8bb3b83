"""The addresses of the workplace, all under /work/."""

from django.urls import path

from moothall.workplace.views import cases, closing, directory, hours, raising, record, steps, typing, work

app_name = "workplace"

urlpatterns = [
    path("", work.home, name="home"),
    path("queues/", work.queues, name="queues"),
    path("search/", work.search, name="search"),
    path("new/", raising.choose, name="raise"),
    path("new/<slug:code>/<slug:service>/", raising.fill, name="raise_fill"),
    path("case/<slug:reference>/", cases.case, name="case"),
    path("case/<slug:reference>/clock/<slug:key>/", cases.clock, name="clock"),
    path("case/<slug:reference>/note/", cases.note, name="note"),
    path("case/<slug:reference>/write/", closing.write, name="write"),
    path("case/<slug:reference>/end/", closing.end, name="end"),
    path("case/<slug:reference>/files/", cases.add_file, name="add_file"),
    path("case/<slug:reference>/files/<int:number>/", cases.file, name="file"),
    path("case/<slug:reference>/step/<slug:step>/", steps.finish, name="finish"),
    path("case/<slug:reference>/step/<slug:step>/take/", steps.take, name="take"),
    path("case/<slug:reference>/step/<slug:step>/put-back/", steps.put_back, name="put_back"),
    path("case/<slug:reference>/step/<slug:step>/pass-on/", steps.pass_on, name="pass_on"),
    path("case/<slug:reference>/step/<slug:step>/vote/", steps.vote, name="vote"),
    path("case/<slug:reference>/answers/<slug:key>/", cases.answer, name="answer"),
    path("case/<slug:reference>/step/<slug:step>/keep/", typing.keep, name="keep"),
    path("case/<slug:reference>/step/<slug:step>/forget/", typing.forget, name="forget"),
    path("case/<slug:reference>/step/<slug:step>/compare/", typing.compare, name="compare"),
    path("case/<slug:reference>/step/<slug:step>/as-note/", typing.as_note, name="as_note"),
    path("people/", directory.people, name="people"),
    path("people/<int:number>/", directory.person, name="person"),
    path("people/<int:number>/give-role/", directory.give_role, name="give_role"),
    path("people/<int:number>/take-role/", directory.take_role, name="take_role"),
    path("people/<int:number>/leaves/", directory.leaves, name="leaves"),
    path("teams/", directory.teams, name="teams"),
    path("roles/", directory.roles, name="roles"),
    path("agreements/", directory.agreements, name="agreements"),
    path("hours/", hours.hours, name="hours"),
    path("hours/<slug:code>/close/", hours.close_day, name="close_day"),
    path("hours/<slug:code>/open/", hours.open_day, name="open_day"),
    path("journal/", record.journal, name="journal"),
    path("jobs/", record.jobs, name="jobs"),
    path("jobs/<int:number>/send-again/", record.send_again, name="send_again"),
    path("processes/", record.processes, name="processes"),
    path("processes/<slug:key>/", record.process, name="process"),
]
