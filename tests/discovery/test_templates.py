"""Templates as devices send them, and templates that nobody should send."""

from contextlib import suppress
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.discovery.templates import MAX_TEMPLATE, Template


@pytest.mark.parametrize(
    ("template", "payload", "expected"),
    [
        ("{{ value_json.state }}", '{"state": "ON"}', "ON"),
        ("{{ value_json.state }}", '{"brightness": 3}', ""),
        ("{{value_json['ENERGY'].Power}}", '{"ENERGY": {"Power": 42}}', "42"),
        ("{{value_json.Color.split(',')[0:3]|join(',')}}", '{"Color": "1,2,3,4,5"}', "1,2,3"),
        ("{{value[1:3]|int(base=16)}},{{value[3:5]|int(base=16)}}", "#ff10aa", "255,16"),
        ('{{ {0: "off", 1: "heat"}[value_json.value] | default(\'off\') }}', '{"value": 1}', "heat"),
        ('{{ {0: "off", 1: "heat"}[value_json.value] | default(\'off\') }}', '{"value": 7}', "off"),
        ("{% if value_json.mode in ['manual', 'day'] %} heat {% else %} auto {% endif %}", '{"mode": "day"}', "heat"),
        ("{{'on' if value_json.a is defined and value_json.a.b is defined else 'off'}}", '{"a": {}}', "off"),
        ("{{ '#%02x%02x%02x' | format(1, 2, 255) }}", "", "#0102ff"),
        ("{{ iif(value_json.contact, 'OPEN', 'SHUT') }}", '{"contact": true}', "OPEN"),
        ("{{ value_json.contact }}", '{"contact": true}', "True"),
        ("{{ value_json.contact }}", '{"contact": null}', "None"),
        ("{{ value | regex_replace('[^0-9]', '') }}", "a12b", "12"),
        ("{{ value | regex_findall_index('([0-9]+)') }}", "a12b", "12"),
        ("{{ (value_json.percent * 255 / 100) | round | int }}", '{"percent": 50}', "128"),
        ("{{ value | float(0) | round(1) }}", "21.46", "21.5"),
        ("{{ value | float(0) }}", "nothing", "0"),
        ("{{ value | int(-1) }}", "nothing", "-1"),
        ("{{ value | is_number }}", "3", "True"),
        ("{{ value_json | tojson }}", '{"a": [1]}', '{"a": [1]}'),
        ("{{ value_json | to_json }}", '{"a": [1]}', '{"a":[1]}'),
        ("{{ (value | from_json).a }}", '{"a": 1}', "1"),
        ("{% set n = namespace(t=0) %}{% for k in value_json %}{% set n.t = n.t + k %}{% endfor %}{{ n.t }}",
         "[1, 2]", "3"),
        ("{{ value_json | selectattr('a', 'eq', 1) | map(attribute='b') | first }}", '[{"a": 1, "b": "x"}]', "x"),
        ("{{ value_json.items() | list | length }}", '{"a": 1}', "1"),
        ("{{ value.split('/')[-1] | upper }}", "a/b", "B"),
        ("{{ value ~ 'x' ~ 3 }}", "a", "ax3"),
        ("{{ value | timestamp_custom('%Y', false) }}", "0", "1970"),
        ("{{ 22.5 if value == 'warm' else 18 }}", "warm", "22.5"),
    ],
)  # fmt: skip
def test_templates_of_real_devices(template, payload, expected):
    assert Template.of(template).read(payload) == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{ value_json.state }}",  # the payload is no JSON
        "{{ value_json.a.b }}",
        "{{ missing.there }}",
        "{{ missing | is_defined }}",
        "{{ value | float }}",
        "{{ value | int }}",
        "{{ value | from_json }}",
        "{{ 1 / 0 }}",
        "{{ value | no_such_filter }}",
        "{{ (((",
    ],
)
def test_what_can_not_be_rendered_is_said(template):
    with pytest.raises(ValueError, match="template"):
        Template.of(template).read("nothing")


HOSTILE = [
    "{{ 'a' * 10**9 }}",
    "{{ [1] * 10**8 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ range(10 ** 9) | list }}",
    "{% for i in range(1000) %}{% for j in range(1000) %}x{% endfor %}{% endfor %}",
    "{% for i in range(1000) %}{{ range(1000) | sum }}{% endfor %}",
    "{% macro a() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}",
    "{% for i in value recursive %}{{ loop(i) }}{% endfor %}",
    "{% include 'x' %}",
    "{% extends 'x' %}",
    "{% block a %}{{ self.a() }}{% endblock %}",
    "{% set x %}{{ value }}{% endset %}",
    "{{ value | center(10 ** 9) }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '%999999999d' | format(1) }}",
    "{{ '%*d' | format(999999999, 1) }}",
    "{{ '{:>999999999}'.format(1) }}",
    "{{ ('a' * 50000).replace('a', 'b' * 50000) }}",
    "{{ ('a' * 50000) | replace('a', 'b' * 50000) }}",
    "{{ range(1000) | join('b' * 50000) }}",
    "{{ ('b' * 50000).join(range(1000) | map('string') | list) }}",
    "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=2) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}{{ n.x }}",
    "{{ value | regex_search('(a+)+$') }}",
    "{{ value | regex_search('(a|a)*b') }}",
    "{{ value | regex_search('a*a*a*a*b') }}",
    "{{ value | regex_replace('(?=a*)b', '') }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ value | attr('__class__') }}",
    "{{ value | map('attr', '__class__') | list }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ iif.__globals__['json'] }}",
    "{{ value_json.update({'a': 1}) }}",
    "{{ lipsum(1000) }}",
    "{{ value | _loop | list }}",
    "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
    "{{ 1" + " + 1" * 900 + " }}",
    "x" * (MAX_TEMPLATE + 1),
]


@pytest.mark.parametrize("template", HOSTILE)
def test_hostile_templates_neither_escape_nor_hang(template):
    began = perf_counter()
    with pytest.raises(ValueError, match="template"):
        Template.of(template).read("a" * 250)
    assert perf_counter() - began < 0.5


FRAGMENTS = st.sampled_from(
    ["{{", "}}", "{%", "%}", " for i in ", "range(", ")", "value", "value_json", "|", "list", "join", "~", "*", "**",
     "9", "[", "]", ".", "(", "if ", "endif", "endfor", "set ", "=", "'a'", "__class__", "map(", "namespace(", ",",
     "replace", "format", "int", "float(0)", ":", "{", "}", "not ", "is defined", "else", " "]
)  # fmt: skip


@settings(max_examples=500, deadline=1000)
@given(st.lists(FRAGMENTS, max_size=25).map("".join), st.text(max_size=40))
def test_any_template_gives_a_text_or_a_value_error(template, payload):
    with suppress(ValueError):
        assert isinstance(Template(template).read(payload), str)


def test_rendering_costs_microseconds():
    template = Template.of("{{ value_json.state }}")
    began = perf_counter()
    for _ in range(2000):
        template.read('{"state": "ON"}')
    assert (perf_counter() - began) / 2000 < 200e-6
