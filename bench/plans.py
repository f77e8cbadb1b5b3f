"""The walk through each bot's intake: which buttons lead on, and what is typed.

Never holds more than a returnee would do: one tap or one line at a time.
"""

from bench.people import Plan

ANNOUNCED = "📣 "  # no reply of either bot begins so
ANNOUNCEMENT = (
    ANNOUNCED + "ទិវាការងារនៅខេត្តពោធិ៍សាត់៖ ថ្ងៃសៅរ៍នេះ ម៉ោង ៨ ព្រឹក ដល់ ១១ ព្រឹក។ "
    "មានក្រុមហ៊ុន និងសាលាបណ្តុះបណ្តាលជាច្រើនមកជួបអ្នក។ មិនបាច់បង់ប្រាក់ទេ។ សូមយកអត្តសញ្ញាណប័ណ្ណមកជាមួយ ប្រសិនបើមាន។"
)
ECHO = Plan(done_texts=("ECHO-DONE",))
PEER = Plan(
    typed=(("ឈ្មោះ", "សុខា"), ("លេខទូរស័ព្ទ", "012 345 678")),
    done_texts=("PEER-DONE",),
)
SPEAN = Plan(
    prefer=("later", "km", "read", "yes", "me", "mine", "none", "25-34", "22", "owed", "call", "evening"),
    typed=(("តើលេខទូរសព្ទរបស់អ្នក", "012 345 678"),),
    done_keys=frozenset({"me"}),
    least=8,
    most=19,  # the twentieth message within ten seconds would be asked to wait
)
