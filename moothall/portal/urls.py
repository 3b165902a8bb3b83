"""The addresses of a council's site. They stand last in the house, since they begin with any word."""

from django.urls import path

from moothall.portal.views import (
    applying,
    connecting,
    details,
    following,
    front,
    rating,
    reports,
    saving,
    sending,
    statements,
    withdrawing,
)

app_name = "portal"
_SERVICE = "<slug:council>/services/<slug:service>/"
_FOLLOW = "<slug:council>/follow/<str:reference>/<str:token>/"
_MINE = "<slug:council>/requests/<str:reference>/"
_DETAILS = "<slug:council>/details/"

urlpatterns = [
    path("", front.choose, name="choose"),
    path("<slug:council>/", front.home, name="home"),
    path("<slug:council>/find/", front.find, name="find"),
    path("<slug:council>/accessibility/", statements.accessibility, name="accessibility"),
    path("<slug:council>/privacy/", statements.privacy, name="privacy"),
    path("<slug:council>/service-reports/", reports.reports, name="reports"),
    path("<slug:council>/service-reports/<slug:report>/", reports.report, name="report"),
    path("<slug:council>/cookies/", statements.cookies, name="cookies"),
    path(_DETAILS, details.details, name="details"),
    path(f"{_DETAILS}connect/", connecting.enter_code, name="connect"),
    path(f"{_DETAILS}letter/", connecting.ask_for_letter, name="ask_letter"),
    path(f"{_DETAILS}not-me/", connecting.not_me, name="not_me"),
    path(f"{_DETAILS}add/<slug:kind>/", details.add, name="add_detail"),
    path(f"{_DETAILS}change/<int:number>/", details.change, name="change_detail"),
    path(f"{_DETAILS}take-away/<int:number>/", details.take_away, name="take_away_detail"),
    path(f"{_DETAILS}acting/<int:number>/end/", details.end_acting, name="end_acting"),
    path(_SERVICE, applying.start, name="start"),
    path(f"{_SERVICE}again/", applying.again, name="again"),
    path(f"{_SERVICE}questions/", applying.go_on, name="go_on"),
    path(f"{_SERVICE}questions/<slug:key>/", applying.question, name="question"),
    path(f"{_SERVICE}contact/", sending.contact, name="contact"),
    path(f"{_SERVICE}check/", sending.check, name="check"),
    path(f"{_SERVICE}sent/", sending.sent, name="sent"),
    path(f"{_SERVICE}save/", saving.save, name="save"),
    path("<slug:council>/return/<str:token>/", saving.come_back, name="return"),
    path("<slug:council>/rate/<str:token>/", rating.rate, name="rate"),
    path("<slug:council>/follow/", following.lost_link, name="lost_link"),
    path(_FOLLOW, following.follow, name="follow"),
    path(f"{_FOLLOW}answer/<slug:step>/", following.answer, name="answer"),
    path(f"{_FOLLOW}message/", following.comment, name="comment"),
    path(f"{_FOLLOW}keep/", following.keep, name="keep"),
    path(f"{_FOLLOW}withdraw/", withdrawing.withdraw, name="withdraw"),
    path("<slug:council>/requests/", following.mine, name="mine"),
    path(_MINE, following.mine_one, name="mine_one"),
    path(f"{_MINE}answer/<slug:step>/", following.mine_answer, name="mine_answer"),
    path(f"{_MINE}message/", following.mine_comment, name="mine_comment"),
    path(f"{_MINE}withdraw/", withdrawing.mine_withdraw, name="mine_withdraw"),
]
