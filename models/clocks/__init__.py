"""Legal deadlines: pure functions of civil dates, with the paragraph each rests on and how well that was checked."""
