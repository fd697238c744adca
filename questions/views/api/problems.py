"""What the API says where it has nothing to give: problem details, as RFC 9457 has them."""

from http import HTTPStatus

from django.http import HttpResponse
from pydantic import Field

from questions.serializers.objects import ApiObject

PROBLEM_JSON = "application/problem+json"
HERE = "/api/v1/"


class ParameterProblem(ApiObject):
    """What is wrong with one parameter."""

    name: str = Field(description="Its name.", examples=["state"])
    detail: str = Field(description="What is wrong with it.", examples=["Unknown parameter."])


class Problem(ApiObject):
    """Why a request is not answered."""

    type: str = Field(description="Always about:blank.", examples=["about:blank"])
    title: str = Field(description="The HTTP status in words.", examples=["Bad Request"])
    status: int = Field(description="The HTTP status.", examples=[400])
    detail: str = Field(description="What is wrong, in a sentence.", examples=["See parameters."])
    parameters: list[ParameterProblem] = Field(
        description="What is wrong with which parameter.", examples=[[]]
    )


class Refused(Exception):
    """The request is answered with a problem."""

    def __init__(self, status: int, detail: str, parameters: list[ParameterProblem] | None = None):
        super().__init__(detail)
        self.status, self.detail, self.parameters = status, detail, parameters or []


def problem(
    status: int, detail: str, parameters: list[ParameterProblem] | None = None
) -> HttpResponse:
    told = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        parameters=parameters or [],
    )
    response = HttpResponse(told.model_dump_json(), status=status, content_type=PROBLEM_JSON)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
