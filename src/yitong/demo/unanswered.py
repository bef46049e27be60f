"""Who owes whom what in the chapter on a late answer: words shared by its past and its telling."""

from yitong.kernel.errors import N_

OWING, ASKING = "rsj", "mzj"  # keys of agencies.csv
ENTRY = "社会保险参保登记"
MISSING = N_("请补充：使用场景写明核对哪些人、多久核对一次")
EXTENSION_REASON = N_("参保系统正在割接，字段要重新核对")
CONSENT = "澜数函〔演示〕7号"
EXPLANATION = N_("割接推迟，经办人没有及时报告。已定下周三前答复，并改为割接前先答复。")
DEMAND = N_("请于三个工作日内答复，并报告改正情况。")
