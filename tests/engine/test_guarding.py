"""Whom not to call: by what the record says, and where it can't be seen."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.engine.guarding import forbidden
from connector.mapping.compile_dial import DialPlan, compile_dial
from connector.mapping.load import World as Words
from connector.mapping.load import load_text
from connector.mapping.flow import DialFlow
from connector.model import CrmField, CrmObject, Parameter, Scalar

NUMBER = Parameter(name="to.telephoneNumber", kind="phone", meaning="Whom.")
FILE = """\
flow: click-to-call
from: {crm: Task, where: {Asked__c: {is: true}}}
request: {id: Request__c, at: At__c}
every: 1 minute
call: {dialer: phones, to.telephoneNumber: {from: Who.Phone}}
guards: {do_not_call: [Who.DoNotCall]}
answer: {placed: {Asked__c: {value: false}}}
"""
