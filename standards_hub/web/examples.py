"""Examples for the API's documentation: bodies of requests by operation, and one problem for each status.

Names and numbers are invented and marked 示例; ids are placeholders. Every body is read by the door it belongs to in a test.
"""

from typing import Any

ID = "01234567-89ab-4cde-8f01-23456789abcd"
OTHER = "89abcdef-0123-4567-89ab-cdef01234567"
BECAUSE = {"reason": "示例：产业政策调整", "on": "2026-11-20"}
NOTICE = {"kind": "comment_notice", "dated": "2026-09-01", "reference": "示例函〔2026〕1 号"}

BODIES: dict[str, dict[str, Any]] = {
    "AllotTarget": {
        "按年度 by year": {
            "axes": ["year"],
            "cells": [{"keys": ["2025"], "value": 20}, {"keys": ["2026"], "value": 30}],
            "source": "示例〔2026〕1 号",
            "reason": "示例：年度任务分解",
        }
    },
    "SignSnapshot": {"月末 end of a month": {"as_of": "2026-10-31"}},
    "CorrectSnapshot": {"补录发布 late record": {"reason": "示例：发布公告补录，发布日期在统计截止日之前"}},
    "SignReport": {"草稿 a draft": {}, "更正 a correction": {"reason": "示例：发布公告补录，发布日期在统计截止日之前"}},
    "WriteNarrative": {
        "年度 annual": {
            "texts": {"problems": "示例：两项标准的验证试验延期。", "causes": "示例：样品供应推迟。"},
            "omitted": ["overall"],
            "steps": [{"task": "示例：完成验证试验", "unit": "示例单位", "due": "2027-03-31"}],
            "shortfalls": [{"project_no": "示例-BZ2024001", "cause": "示例：审查未通过", "remedy": "示例：修改后再次送审"}],
        }
    },
    "SignIn": {"登录 sign in": {"login": "officer@example.org", "password": "一二三四五六七八九十"}},
    "EditMe": {"语言 language": {"language": "en"}},
    "ChangeMyPassword": {"新密码 new password": {"old": "一二三四五六七八九十", "new": "十九八七六五四三二一"}},
    "IssueToken": {"脚本用 for a script": {"name": "示例脚本", "scope": "write", "days": 90}},
    "NameDeputy": {
        "一个委员会 one committee": {
            "login": "deputy@example.org",
            "since": "2026-12-01",
            "until": "2026-12-31",
            "body_kind": "committee",
            "body_id": ID,
        }
    },
    "OpenAccount": {"账号 account": {"login": "secretary@example.org", "name": "示例秘书", "language": "zh"}},
    "EditAccount": {"停用 close": {"active": False}},
    "SetPassword": {"重置 reset": {"password": "一二三四五六七八九十"}},
    "ForgetPassword": {"登录名 login": {"who": "secretary@example.org"}},
    "ResetPassword": {"新密码 new password": {"secret": "示例-信中链接的末段", "password": "一二三四五六七八九十"}},
    "AcceptInvitation": {"密码 password": {"secret": "示例-信中链接的末段", "password": "一二三四五六七八九十"}},
    "InviteAccount": {
        "委员会秘书 committee secretary": {
            "login": "invited@example.org",
            "name": "示例新秘书",
            "email": "invited@example.org",
            "grants": [{"role": "secretary", "body_kind": "committee", "body_id": ID}],
        }
    },
    "ChooseMyNotices": {"每日汇总 once a day": {"choices": {"watched": "daily"}}},
    "EnterHolidays": {
        "一日 one day": {
            "days": [
                {
                    "day": "2026-10-01",
                    "kind": "off",
                    "name_zh": "国庆节",
                    "name_en": "National Day",
                    "source": "示例依据",
                    "verified": False,
                }
            ]
        }
    },
    "TryComposition": {"一人换一人 one for another": {"remove": [ID], "add": [{"person_id": OTHER, "position": "member", "side": "user"}]}},
    "RenewSeats": {"换届 renew": {"seats": [ID], "since": "2027-01-01", "until": "2031-12-31", "reason": "示例：换届"}},
    "ReplaceSeat": {"更换 replace": {"person_id": OTHER, "since": "2026-12-01", "reason": "示例：工作调动"}},
    "SaySide": {"使用者 user": {"side": "user"}},
    "DeclareInterest": {
        "标准 a standard": {"person_id": ID, "relation": "drafter", "standard_id": OTHER},
        "其他事项 another matter": {"person_id": ID, "relation": "patent", "subject": "示例专利许可事项", "on": "2026-11-20"},
    },
    "LiftInterest": {"解除 lift": BECAUSE},
    "MoveCourse": {
        "提出组建 propose": {"act": "propose", "reason": "示例：产业需要统一的试验方法", "on": "2026-03-02"},
        "批准成立 approve": {"act": "approve", "reference": "示例〔2026〕1 号", "number": "示例/TC 9801", "on": "2026-06-01"},
        "考核评估 evaluate": {"act": "evaluate", "outcome": "rectify", "reference": "示例〔2026〕2 号", "due": "2027-06-01"},
    },
    "GrantRole": {"秘书处 secretary": {"role": "secretary", "body_kind": "committee", "body_id": ID, "since": "2026-01-01"}},
    "OpenEnquiry": {"公开征求意见 open to the public": {"subject_id": ID, "public": True, "sent": 40}},
    "EditEnquiry": {"发送单位数 sent to": {"sent": 42}},
    "CloseEnquiry": {"截止 window over": {"reason": "示例：期限届满"}},
    "MakeComment": {
        "公众意见 from the public": {
            "author": "示例公众",
            "email": "reader@example.org",
            "clause": "3.2",
            "type": "te",
            "text": "示例：定义与上位标准不一致",
            "proposed": "示例：改用上位标准的定义",
        }
    },
    "DisposeOfComments": {"不采纳 not adopted": {"comments": [ID], "disposition": "not_adopted", "reason": "示例：与上位标准一致"}},
    "PartComments": {"合并有误 merged in error": {"comments": [OTHER]}},
    "MergeComments": {"两条相同 two alike": {"into": ID, "comments": [OTHER]}},
    "ProposeStandard": {
        "推荐性国家标准 GB/T": {
            "track": "national-gbt",
            "facts": {
                "title_zh": "示例 氢燃料电池发动机 低温冷起动试验方法",
                "title_en": "Example: cold start test method of hydrogen fuel cell engines",
                "nature": "recommended",
                "primary_field": "hydrogen-energy",
                "fields": ["hydrogen-energy"],
                "plan_key": "jiangsu-5x100",
                "committee_id": ID,
                "measurable": True,
            },
            "drafting_units": [{"organisation_id": OTHER, "rank": 1, "lead": True}],
            "on": "2026-10-08",
            "exemplar": True,
        }
    },
    "EnterStandard": {
        "在审查阶段录入 at review": {
            "track": "local-db32",
            "facts": {"title_zh": "示例 石墨烯粉体 比表面积的测定", "region": "3201", "plan_key": "jiangsu-5x100"},
            "step": "40.20",
            "dates": {"20.00": "2025-03-03", "30.20": "2025-09-01", "40.20": "2026-02-02"},
            "exemplar": True,
        }
    },
    "AdoptStandard": {
        "等同采用 identical": {
            "parent": {"kind": "adopts", "identifier": "ISO 14687:2025", "degree": "IDT"},
            "facts": {"title_zh": "示例 氢燃料 质量规格", "committee_id": ID},
        }
    },
    "KeepView": {"逾期的国家标准 overdue": {"name": "示例：逾期的国家标准", "query": "level=national&overdue=true", "usual": True}},
    "ChangeView": {"改名 rename": {"name": "示例：国家标准", "query": "level=national"}},
    "WatchStandards": {"关注两项 two": {"ids": [ID, OTHER], "on": True}},
    "EditStandard": {"改名 new title": {"title_zh": "示例 氢燃料电池发动机 低温起动试验方法", "fills_gap": True}},
    "SetTeam": {
        "起草单位与起草人 team": {
            "drafting_units": [{"organisation_id": ID, "rank": 1, "lead": True}, {"organisation_id": OTHER, "rank": 2}],
            "drafters": [{"person_id": ID, "rank": 1}],
        }
    },
    "GivePlanNumber": {"计划号 plan number": {"number": "20260001-T-339", "on": "2026-03-02"}},
    "MoveStandard": {
        "推进 advance": {"act": "advance"},
        "补录平台外办理的事项 done elsewhere": {"act": "advance", "on": "2026-09-01", "elsewhere": True, "papers": [NOTICE]},
        "豁免 waive": {"act": "advance", "waivers": {"verification_plan": "示例：沿用国际标准的试验方法"}},
        "退回 return": {"act": "return", "reason": "示例：技术指标依据不足"},
    },
    "PublishStandard": {
        "发布 publication": {
            "number": "GB/T 99999-2026",
            "published_on": "2026-10-31",
            "effective_on": "2027-05-01",
            "papers": [{"kind": "announcement", "dated": "2026-10-31", "reference": "示例公告 2026 年第 1 号"}],
        }
    },
    "ConcludeReview": {"继续有效 confirm": {"outcome": "confirm", "reason": "示例：技术内容仍然适用"}},
    "WithdrawStandard": {"废止 withdraw": BECAUSE},
    "AskExtension": {"延期 extension": {"months": 6, "reason": "示例：循环比对试验需补充两家实验室", "on": "2026-08-03"}},
    "DecideExtension": {"同意 granted": {"granted": True, "decision": "示例函〔2026〕2 号", "months": 6}},
    "SuspendStandard": {"暂停 rest": BECAUSE},
    "ResumeStandard": {"恢复 go on": BECAUSE},
    "TerminateStandard": {"终止 end": BECAUSE},
    "SplitStandard": {
        "拆分 split": {
            "reason": "示例：范围过宽",
            "parts": [
                {"title_zh": "示例 第1部分：通则", "plan_number": "20260002-T-339"},
                {"title_zh": "示例 第2部分：试验方法", "plan_number": "20260003-T-339"},
            ],
        }
    },
    "MergeStandard": {"并入 merge": {"into": OTHER, "reason": "示例：内容重复"}},
    "RaiseStandard": {"提升为国家标准 to national": {"track": "national-gbt"}},
    "ReviseStandard": {"修订 revision": {"on": "2026-10-08"}},
    "AmendStandard": {"修改单 amendment sheet": {"on": "2026-10-08"}},
    "RelateStandard": {
        "采用 adopts": {"kind": "adopts", "identifier": "ISO 14687:2025", "degree": "MOD", "edition": "2"},
        "代替 replaces": {"kind": "replaces", "target_id": OTHER},
    },
    "UnrelateStandard": {"误录 said in error": BECAUSE},
    "MoveTrack": {"换版 new version": {"track": "national-gbt", "reason": "示例：适用新版程序"}},
    "AddPaper": {
        "函号 reference": NOTICE,
        "文件 file": {
            "kind": "comment_draft",
            "dated": "2026-08-20",
            "title": "示例征求意见稿",
            "sha256": "0" * 64,
            "filename": "示例.docx",
        },
    },
    "WithdrawPaper": {"撤回 take back": BECAUSE},
    "CorrectPortfolio": {"更正 correct": {"cells": [{"row": 17, "column": "title_zh", "value": "示例 氢气品质检测方法"}]}},
    "AcceptPortfolio": {"只收正确的行 good rows only": {"only_good": True}},
    "UndoPortfolio": {"撤销 undo": {"reason": "示例：选错了文件"}},
    "RegisterOrganisation": {"单位 organisation": {"name_zh": "示例研究院", "kind": "institute", "region": "3201", "exemplar": True}},
    "EditOrganisation": {"改名 new name": {"name_zh": "示例研究总院"}},
    "MergeOrganisation": {"并入 merge": {"into": OTHER, "reason": "示例：机构合并"}},
    "CloseOrganisation": {"停用 close": BECAUSE},
    "ReopenOrganisation": {"恢复 reopen": BECAUSE},
    "RegisterPerson": {"人员 person": {"name": "示例一", "organisation_id": ID, "exemplar": True}},
    "EditPerson": {"职称 title": {"title": "正高级工程师"}},
    "PersonLeaves": {"退出 leave": BECAUSE},
    "PersonReturns": {"返回 return": BECAUSE},
    "RegisterCommittee": {"技术委员会 committee": {"name_zh": "示例标准化技术委员会", "level": "provincial", "exemplar": True}},
    "EditCommittee": {"编号 number": {"number": "示例/TC 1"}},
    "ChangeCommitteeState": {"暂停 suspend": {"state": "suspended", "reason": "示例：换届"}},
    "TakeSeat": {"委员 member": {"person_id": ID, "position": "member", "since": "2026-01-01", "until": "2030-12-31"}},
    "EndSeat": {"届满 end": {"until": "2026-12-31", "reason": "示例：换届"}},
    "PrepareBallot": {
        "函审 by letter": {
            "committee_id": ID,
            "rule": "V1",
            "closes_on": "2026-12-31",
            "subject_kind": "standard",
            "subject_id": OTHER,
            "invited": {"recusals": [{"person_id": ID, "reason": "示例：主要起草人"}]},
        },
        "委员会事项 a matter": {
            "committee_id": ID,
            "rule": "V1",
            "closes_on": "2026-12-31",
            "title": "示例：年度工作计划",
            "exemplar": True,
        },
    },
    "EditBallot": {"改期 another day": {"closes_on": "2027-01-15"}},
    "CastVote": {"赞成 for": {"vote": "approve"}, "反对 against": {"vote": "against", "reason": "示例：第 5.2 条缺少试验依据"}},
    "RecordVote": {"函审单 letter": {"vote": "approve", "paper": "示例：函审单第 3 号"}},
    "StrikeVoter": {"调整文件 notice": {"notice": "示例函〔2026〕4 号", "dated": "2026-10-30"}},
    "CountBallot": {"出席 present": {"present": 24}},
    "OpenBallot": {"一人回避 one recused": {"recuse": [ID]}},
    "CallOffBallot": {"作废 void": {"reason": "示例：会议改期"}},
    "TallyVotes": {"24/29": {"rule": "V1", "poll": {"eligible": 29, "votes": {"approve": 24}}}},
    "PrepareMeeting": {
        "审查会 review": {
            "committee_id": ID,
            "kind": "review",
            "title": "示例：送审稿审查会",
            "starts_on": "2026-12-22",
            "starts_at": "09:00",
            "ends_at": "17:00",
            "place": "示例会议室",
            "rule": "V1",
            "exemplar": True,
        }
    },
    "EditMeeting": {"主持人 chair": {"chaired_by": ID}},
    "CallMeeting": {"按时 in time": {}, "晚于规定 late": {"exception": "示例：主管部门要求"}},
    "SendMeetingPapers": {"按时 in time": {}},
    "MoveMeeting": {"改期 another day": {"reason": "示例：会场冲突", "starts_on": "2026-12-24"}},
    "CancelMeeting": {"取消 cancel": {"reason": "示例：改为函审"}},
    "AddAgendaItems": {
        "标准与事项 a standard and a matter": {
            "items": [{"purpose": "review", "subject_kind": "standard", "subject_id": OTHER}, {"title": "示例：下年度工作计划"}]
        }
    },
    "OrderAgenda": {"次序 order": {"items": [OTHER, ID]}},
    "NoteDiscussion": {"讨论 discussion": {"discussion": "示例：与会委员对第 5 章的指标进行了讨论"}},
    "TableMeetingPapers": {"卷宗材料 of the dossier": {"papers": [{"source_id": OTHER}]}},
    "VoteOnItem": {"函审 by letter": {"rule": "V1", "closes_on": "2026-12-31", "form": "letter"}, "已有 there": {"ballot_id": OTHER}},
    "RecordAttendance": {
        "出席 attendance": {
            "rows": [
                {"id": ID, "presence": "present"},
                {"id": OTHER, "presence": "proxy", "proxy": "示例代理人", "note": "示例章程第 9 条"},
            ],
            "guests": [{"name": "示例来宾", "organisation": "示例单位"}],
        }
    },
    "HoldMeeting": {"召开 held": {}},
    "NoteDecision": {"通过 passed": {"kind": "passed", "text": "示例：与会委员协商一致，同意通过审查"}},
    "StrikeDecision": {"更正 correct": {"reason": "示例：登记有误"}},
    "GiveDuty": {"交办 duty": {"person_id": ID, "what": "示例：按会议意见修改文本", "due_on": "2027-01-15"}},
    "TickDuty": {"办结 done": {"outcome": "示例：已修改"}},
    "ReturnSignedMinutes": {
        "签回 signed": {"minutes": {"sha256": "0" * 64, "filename": "纪要.pdf"}, "sheet": {"sha256": "1" * 64, "filename": "签到表.pdf"}}
    },
    "RegisterPlan": {
        "计划 plan": {
            "key": "example-plan",
            "name_zh": "示例计划",
            "name_en": "Example plan",
            "document_title": "示例文件",
            "source": "示例文件第 1 条",
            "window_start": "2024-01-01",
            "window_end": "2026-12-31",
        }
    },
    "EditPlan": {"改名 new name": {"name_en": "Example plan, renamed"}},
    "AddTarget": {
        "指标 target": {
            "key": "national",
            "name_zh": "国家标准",
            "name_en": "National standards",
            "levels": ["national"],
            "value": 30,
            "due": "2026-12-31",
            "source": "示例文件第 1 条",
        }
    },
    "RebaseTarget": {"调整 rebase": {"value": 32, "reason": "示例：中期调整", "source": "示例函〔2026〕3 号"}},
    "ExtendPlan": {"领域 field": {"fields": [{"key": "example-field", "name_zh": "示例领域", "name_en": "Example field"}]}},
    "LinkPlanCommittee": {"对应 link": {"entry": ID, "committee_id": OTHER}},
    "RegisterProject": {"项目 project": {"project_no": "SL-2026-0001", "title": "示例项目", "programme": "示例计划", "exemplar": True}},
    "EditProject": {"改题 new title": {"title": "示例项目（变更）"}},
    "ChangeProjectState": {"结题 close": {"state": "closed", "reason": "示例：验收通过"}},
    "AddCommitment": {"承诺 promise": {"level": "national", "count": 1, "source_text": "示例合同第 3 条：国家标准 1 项"}},
    "WithdrawCommitment": {"撤销 withdraw": BECAUSE},
    "ClaimStandard": {"产出 output": {"standard_id": OTHER, "relation": "output_of", "share": "1/2", "primary": True}},
    "EditClaim": {"份额 share": {"share": "1/3"}},
    "MakeReport": {"十月底 end of October": {"plan": "jiangsu-5x100", "as_of": "2026-10-31", "since": "2026-09-30"}},
    "WithdrawClaim": {"撤销 withdraw": BECAUSE},
    "TakeSuggestion": {"采纳 take": {"relation": "output_of", "share": "1/2", "contribution": "4.2"}},
    "DismissSuggestion": {"不采纳 dismiss": BECAUSE},
    "SubmitClaim": {"送审 hand in": {}},
    "VerifyClaim": {"认定 verify": {"note": "佐证与标准文本一致"}},
    "ReturnClaim": {"退回 return": BECAUSE},
    "RevokeClaim": {"撤销认定 revoke": BECAUSE},
    "AddEvidence": {"网址 address": {"kind": "international_page", "url": "https://example.org/standard", "retrieved_on": "2026-11-20"}},
    "WithdrawEvidence": {"撤回 withdraw": BECAUSE},
    "ExplainShortfall": {"说明 explain": {"cause": "参编单位调整", "remedy": "由承担单位继续推进"}},
    "RulePrimary": {"裁定 rule": {"claim_id": OTHER, "reason": "牵头研制"}},
    "EnterProject": {"名册外 not listed": {"project_no": "示例-77", "title": "示例项目", "programme": "示例计划", "standard_id": OTHER}},
    "ConfirmProject": {"核实 confirm": BECAUSE},
    "MergeProject": {"并入 merge": {"into": OTHER, "reason": "同一项目"}},
}


def _problem(status: int, code: str, zh: str, en: str, *unmet: dict[str, Any]) -> dict[str, Any]:
    made = {"type": f"urn:standards-hub:{code}", "title": zh, "status": status, "detail": "；".join([zh, *(u["zh"] for u in unmet)]), "code": code,
            "message": {"zh": zh, "en": en}}  # fmt: skip
    return {**made, "unmet": list(unmet)} if unmet else made


def _unmet(code: str, where: str | None, zh: str, en: str, *, fixer: str | None = None, waivable: bool = False) -> dict[str, Any]:
    return {"code": code, "where": where, "fixer": fixer, "waivable": waivable, "zh": zh, "en": en}


PROBLEMS: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("请求无法读取 / the request cannot be read", _problem(400, "http-400", "请求有误", "The request is not in order")),
    401: ("未登录，或令牌无效 / not signed in, or a token that does not work", _problem(401, "not-signed-in", "请先登录", "Please sign in first")),
    403: ("无权办理，`detail` 说明可由谁办理 / not yours to do; `detail` says whose", _problem(
        403, "forbidden", "您无权推进标准阶段；可由起草人、秘书处人员、归口主管部门人员办理",
        "You may not advance a standard; it can be done by: drafter, secretary, competent department")),
    404: ("没有，或您看不到 / not there, or not for you to see", _problem(404, "not-found", "找不到标准", "There is no such standard")),
    409: ("尚不满足条件、已被他人改动或已存在 / not yet allowed, changed by somebody else, or already there", _problem(
        409, "refused", "还差 2 项", "2 things are missing",
        _unmet("comment_notice", "comment_notice", "缺少征求意见通知", "The notice of the call for comments is missing", fixer="secretariat"),
        _unmet("comment_period", "comment_period", "征求意见须满 60 日，尚差 12 日", "Comments run for 60 days; 12 remain", waivable=True))),
    412: ("您手上的是旧版本 / yours is no longer the current version", _problem(
        412, "stale", "您手上的是旧版本（3），现为第 4 版，请重新读取", "You hold an old version (3); the current one is 4, please read it again")),
    413: ("内容过大 / too large", _problem(413, "http-413", "内容过大", "Too large")),
    415: ("不接受这种内容类型 / a content type that is not taken", _problem(415, "http-415", "不接受这种内容类型", "This content type is not taken")),
    422: ("输入有误，`unmet` 指出字段与改法 / bad input; `unmet` names the field and the mend", _problem(
        422, "bad-input", "请求有误，请按下列提示修改", "The request is not in order, please correct what follows",
        _unmet("invalid", "months", "Expected `int` <= 60", "Expected `int` <= 60"))),
    429: ("次数过多，请稍后再试 / too many attempts", _problem(429, "too-many-logins", "登录失败次数过多，请于 10:15:00 后再试",
        "Too many failed attempts; try again after 10:15:00")),
    503: ("暂不可用，请稍后再试 / not now; try again in a moment", _problem(
        503, "unavailable", "数据库正忙或暂不可用，请稍后再试", "The database is busy or away; please try again in a moment")),
}  # fmt: skip
