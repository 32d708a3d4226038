"""Mapping files of each kind, good as they are; tests change a line or two."""

EXAMPLE = """\
flow: callyzer-call-logs
from: {system: callyzer, stream: call_logs, since: 7 days,
  options: {call_types: [Incoming, Outgoing, Missed]}}
every: 2 minutes
reread: 2 days
zone: Asia/Kolkata
deleted: leave
when: {client_number: {blank: false}, call_type: {not: Rejected}}
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "callyzer:{id}"}
  Subject: {template: "{call_type} call with {client_name|customer.phone}", write: once}
  TaskSubtype: {value: Call}
  CallType: {from: call_type, map: {Incoming: Inbound, Outgoing: Outbound}, default: Inbound}
  CallDurationInSeconds: {from: duration, as: integer}
  ActivityDate: {from: call.started_at, as: date}
  Description: {from: note, fit: truncate}
  X__c: {first: [note, crm_status]}
"""

LINKED = """\
flow: linked
from: {system: callyzer, stream: call_logs, since: 7 days}
every: 2 minutes
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "linked:{id}"}
  CallType: {from: call_type, map: {Incoming: Inbound, Outgoing: Outbound}}
  OwnerId:
    {find: User, by: email, from: agent.email, none: default, default: 0055g0000010002}
  WhoId:
    find: [Contact, Lead]
    by: phone
    from: customer.phone
    ties: newest
    none: create
    create:
      key: Call_Key__c
      fields: {LastName: {first: [customer.name, note], fit: truncate}, Rating: {value: Warm}}
  WhatId: {find: [Case, Account, Opportunity], by: id, from: ticket.id}
  Agent__c: {find: User, by: field EmployeeNumber, first: [emp_code, emp_number]}
internal: log
never: ["98200 11999", "+1 415 555 01*"]
"""

DIRECTORY = """\
flow: directory
directory:
  Contact:
    phones: [Phone, MobilePhone]
    emails: [Email]
    country: MailingCountry
  Lead: {phones: [Phone], where: {IsConverted: {is: false}}}
  User: {phones: [Phone], emails: [Email], where: {IsActive: {is: true}}}
every: 5 minutes
"""

DIALS = """\
flow: click-to-call
from: {crm: Task, where: {Call_Request__c: {is: Requested}, IsClosed: {is: false}}}
request: {id: Call_Request_Id__c, at: Call_Requested_At__c}
claim: {object: Call_Dial__c, key: Request_Id__c}
every: 1 minute
expires: 2 minutes
call:
  dialer: newvoicemedia
  from.agentId: {from: Owner.Call_Agent_Id__c}
  to.telephoneNumber: {first: [Call_Number__c, Who.Phone, Who.MobilePhone], as: phone}
  regarding.reference: {first: [WhatId, WhoId, Id]}
  application: {value: connector}
guards: {do_not_call: [Who.DoNotCall], hours: "08:00-20:00", same_number_within: 30 seconds, one_per_agent: 10 seconds}
answer:
  placed:  {Call_Request__c: {value: Placed}, CallObject: {from: call.id}, CallType: {value: Outbound}}
  refused: {Call_Request__c: {value: Refused}, Call_Message__c: {from: message, fit: truncate}}
  expired: {Call_Request__c: {value: Expired}, Call_Message__c: {from: message, fit: truncate}}
  unknown: {Call_Request__c: {value: Unknown}, Call_Message__c: {template: "{Who.Name|call.number}: {message}"}}
  blocked: {Call_Request__c: {value: Blocked}, Call_Message__c: {from: message, fit: truncate}}
"""
